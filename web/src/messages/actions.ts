import type { CallType } from '@beseda/protocol/calls'
import type { StoredFile } from '@beseda/protocol/files'
import type { Message } from '@beseda/protocol/messages'

/** What the rows of the list can set off. */
export type MessageActions = {
  retry: (clientId: string) => void
  discard: (clientId: string) => void
  reply: (message: Message) => void
  react: (message: Message, emoji: string) => void
  /** Show the menu of a message beside a place. */
  openMenu: (message: Message, at: DOMRect) => void
  openPicker: (message: Message, at: DOMRect) => void
  jump: (seq: number) => void
  /** Call the chat, as a missed call suggests; absent while that is not possible. */
  readonly callBack?: ((type: CallType) => void) | undefined
  /** Show the pictures of a message large, beginning with one of them. */
  openPictures: (pictures: StoredFile[], at: number) => void
}
