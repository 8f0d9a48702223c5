import { createEffect, createMemo, onCleanup } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { iconFor, titleFor } from '../notifications/badge.ts'
import { countMissed } from '../notifications/should-notify.ts'
import { fromStore, useClient } from './client.tsx'

/** The tab's title and icon tell how many messages wait. */
export function keepTitle(): void {
  const { t } = useI18n()
  const chats = fromStore(useClient().chats.state)
  const missed = createMemo(() => countMissed(chats().chats))
  createEffect(() => {
    document.title = titleFor(missed(), t().app.name)
  })
  createEffect(() => setIcon(missed()))
  onCleanup(() => {
    document.title = t().app.name
    setIcon(0)
  })
}

function setIcon(count: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (link) link.href = iconFor(count)
}
