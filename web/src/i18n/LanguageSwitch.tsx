import { Segmented } from '../ui/Segmented.tsx'
import { useI18n } from './i18n.tsx'
import { languageNames, languages } from './language.ts'

const segments = languages.map((value) => ({ value, label: languageNames[value] }))

/** The choice of the page's language. */
export function LanguageSwitch() {
  const { t, language, setLanguage } = useI18n()
  return (
    <Segmented
      label={t().profile.language}
      value={language()}
      segments={segments}
      onChange={setLanguage}
    />
  )
}
