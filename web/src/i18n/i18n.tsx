import {
  type Accessor,
  createContext,
  createMemo,
  createSignal,
  type JSX,
  useContext,
} from 'solid-js'
import { en } from './en.ts'
import { type Language, pickLanguage } from './language.ts'
import { type Dictionary, ru } from './ru.ts'
import { makeTimes, type Times } from './times.ts'

const dictionaries: Record<Language, Dictionary> = { ru, en }
const storageKey = 'beseda.language'

export type I18n = {
  /** The words of the language of now. */
  t: Accessor<Dictionary>
  /** Dates and times in it. */
  times: Accessor<Times>
  language: Accessor<Language>
  setLanguage: (language: Language) => void
}

const Context = createContext<I18n>()

/** Words and times in the browser's language, or in the one that was chosen here before. */
export function I18nProvider(props: { children: JSX.Element }) {
  const [language, setSignal] = createSignal(
    pickLanguage(localStorage.getItem(storageKey), navigator.languages),
  )
  const t = createMemo(() => {
    document.documentElement.lang = language()
    return dictionaries[language()]
  })
  const times = createMemo(() => makeTimes(language(), t()))
  const setLanguage = (next: Language) => {
    localStorage.setItem(storageKey, next)
    setSignal(next)
  }
  return (
    <Context.Provider value={{ t, times, language, setLanguage }}>
      {props.children}
    </Context.Provider>
  )
}

/** @throws Error outside of an I18nProvider */
export function useI18n(): I18n {
  const value = useContext(Context)
  if (!value) throw new Error('useI18n needs an I18nProvider above it')
  return value
}
