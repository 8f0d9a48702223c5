import { can } from '@beseda/protocol/permissions'
import { createContext, createResource, type JSX, onCleanup, onMount, useContext } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { settled } from '../shell/settled.ts'
import { isBusy } from './desk.ts'
import { bringsFiles } from './picked.ts'
import { createTrays, type Trays } from './trays.ts'

type Attaching = {
  trays: Trays
  /** Bytes of the largest file that the server takes; null while it is not known. */
  maxBytes: () => number | null
}

const Context = createContext<Attaching>()

/** Keeps the files that are about to be sent, in whichever chat, while the user is signed in. */
export function AttachmentsProvider(props: { children: JSX.Element }) {
  const { t } = useI18n()
  const client = useClient()
  const feedback = useFeedback()
  const [config] = createResource(() => client.rest.config().catch(() => null))
  const maxBytes = () => settled(config)?.fileBytesMax ?? null
  const trays = createTrays({
    upload: (file, options) =>
      client.rest.uploadFile(file, file.name, { purpose: 'attachment', ...options }),
    maxBytes,
    onWhole: (chatId, { body, replyTo }, attachments) =>
      client.chats.conversation(chatId).send(body, { ...(replyTo && { replyTo }), attachments }),
    onStuck: () => feedback.problem(t().attachments.stuck),
  })

  const mayPost = (chatId: string) => {
    const chat = client.chats.state.get().chats.find(({ id }) => id === chatId)
    return chat !== undefined && can(chat.self, chat, { do: 'post' })
  }
  const stop = client.chats.state.subscribe(({ status }) => {
    if (status === 'ready') trays.keepOnly(mayPost)
  })
  const onLeave = (event: BeforeUnloadEvent) => {
    if (isBusy(trays.desks.get())) event.preventDefault()
  }
  // Else the browser would leave the page for a file that is dropped beside its place.
  const keepPage = (event: DragEvent) => {
    const onInput = event.target instanceof Element && event.target.closest('input[type="file"]')
    if (event.defaultPrevented || onInput || !bringsFiles(event.dataTransfer)) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'none'
  }
  onMount(() => {
    addEventListener('beforeunload', onLeave)
    addEventListener('dragover', keepPage)
    addEventListener('drop', keepPage)
  })
  onCleanup(() => {
    removeEventListener('beforeunload', onLeave)
    removeEventListener('dragover', keepPage)
    removeEventListener('drop', keepPage)
    stop()
    trays.close()
  })
  return <Context.Provider value={{ trays, maxBytes }}>{props.children}</Context.Provider>
}

/** @throws Error outside of an AttachmentsProvider */
export function useAttachments(): Attaching {
  const value = useContext(Context)
  if (!value) throw new Error('useAttachments needs an AttachmentsProvider above it')
  return value
}
