/** One notification of the browser. */
export type Notice = {
  /** Of the message or the call: the same id replaces what is shown. */
  id: string
  chatId: string
  title: string
  body: string
  icon: string
  /** Stays until somebody acts. */
  urgent: boolean
  onClick: () => void
}

/** The notifications that this tab has shown and that may still stand. */
export function createBrowserNotices() {
  const shown = new Map<string, { chatId: string; notification: Notification }>()
  const close = (id: string) => {
    shown.get(id)?.notification.close()
    shown.delete(id)
  }
  const closeWhere = (matches: (chatId: string) => boolean) => {
    for (const [id, { chatId }] of [...shown]) if (matches(chatId)) close(id)
  }
  return {
    show({ id, chatId, title, body, icon, urgent, onClick }: Notice): void {
      try {
        // Our own sound has its own switch.
        const options = { body, icon, tag: id, silent: true, requireInteraction: urgent }
        const notification = new Notification(title, options)
        shown.set(id, { chatId, notification })
        notification.onclick = () => {
          focus()
          close(id)
          onClick()
        }
        notification.onclose = () => shown.delete(id)
      } catch {
        // Chrome on Android shows them only for a service worker: the title and the list tell.
      }
    },
    close,
    closeChat: (read: string) => closeWhere((chatId) => chatId === read),
    closeAll: () => closeWhere(() => true),
  }
}
