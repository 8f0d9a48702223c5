/**
 * Messages of which each kind comes once: whoever needs one waits for it, whether it is there
 * already or not, until the box is closed.
 */
export function makeMailbox<Message extends { type: string }>() {
  const slots = new Map<string, PromiseWithResolvers<Message>>()
  let closed: Error | null = null

  function slotOf(type: string) {
    const known = slots.get(type)
    if (known) return known
    const slot = Promise.withResolvers<Message>()
    // Not everything is waited for.
    slot.promise.catch(() => {})
    if (closed) slot.reject(closed)
    slots.set(type, slot)
    return slot
  }

  return {
    put(message: Message) {
      slotOf(message.type).resolve(message)
    },
    /** @throws the error that the box was closed with */
    take<Type extends Message['type']>(type: Type) {
      return slotOf(type).promise as Promise<Extract<Message, { type: Type }>>
    },
    /** Nothing comes any more; what is there can be taken still. */
    close(error: Error) {
      closed ??= error
      for (const { reject } of slots.values()) reject(closed)
    },
  }
}
