/** An SDP with its kind, as Janus names it. */
export type Jsep = { type: 'offer' | 'answer'; sdp: string }
/** What a plugin says; only what the benchmark reads. */
type Said = {
  janus: string
  transaction?: string
  sender?: number
  data?: { id: number }
  error?: { reason: string }
  plugindata?: { data: Record<string, unknown> & { error?: string } }
  jsep?: Jsep
}
/** A plugin's answer to a request. */
export type Answer = { data: Record<string, unknown>; jsep: Jsep | undefined }

/** One participant's place at a plugin. */
export type Handle = {
  /** Ask the plugin; resolves to what it says after its acknowledgement. @throws Error it refused */
  ask(body: object, jsep?: Jsep): Promise<Answer>
  /** Tell one of the own candidates; without one, that there are no more. */
  trickle(candidate?: RTCIceCandidate): void
  detach(): Promise<void>
}

/** A session at a Janus, over one WebSocket; in Node and on a page. */
export type Janus = {
  attach(): Promise<Handle>
  close(): Promise<void>
}

/** Less than the minute after which Janus forgets a session, in ms. */
const keepAliveMs = 25_000

/** Connect and open a session. @throws Error when nobody answers */
export async function connectJanus(url: string): Promise<Janus> {
  const socket = new WebSocket(url, 'janus-protocol')
  await happened(socket, 'open')
  const waiting = new Map<string, PromiseWithResolvers<Said>>()
  let asked = 0
  socket.addEventListener('message', ({ data }) => {
    const said: Said = JSON.parse(data)
    const { transaction = '' } = said
    // The acknowledgement is not the answer yet.
    if (said.janus === 'ack') return
    const promise = waiting.get(transaction)
    waiting.delete(transaction)
    promise?.resolve(said)
  })
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Janus is gone'))
  })

  function send(message: object): string {
    const transaction = String(++asked)
    socket.send(JSON.stringify({ ...message, transaction }))
    return transaction
  }
  async function ask(message: object): Promise<Said> {
    const answer = Promise.withResolvers<Said>()
    waiting.set(send(message), answer)
    const said = await answer.promise
    const reason = said.error?.reason ?? said.plugindata?.data.error
    if (reason !== undefined) throw new Error(`Janus refuses: ${reason}`)
    return said
  }

  const { data: session } = await ask({ janus: 'create' })
  const session_id = session?.id
  const timer = setInterval(() => send({ janus: 'keepalive', session_id }), keepAliveMs)
  return {
    async attach() {
      const { data } = await ask({ janus: 'attach', session_id, plugin: 'janus.plugin.videoroom' })
      const own = { session_id, handle_id: data?.id }
      return {
        async ask(body, jsep) {
          const { plugindata, jsep: theirs } = await ask({
            janus: 'message',
            ...own,
            body,
            ...(jsep && { jsep }),
          })
          return { data: plugindata?.data ?? {}, jsep: theirs }
        },
        trickle(candidate) {
          send({ janus: 'trickle', ...own, candidate: candidate ?? { completed: true } })
        },
        async detach() {
          await ask({ janus: 'detach', ...own })
        },
      }
    },
    async close() {
      clearInterval(timer)
      socket.close()
      await happened(socket, 'close')
    },
  }
}

function happened(socket: WebSocket, event: 'open' | 'close'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(event, () => resolve(), { once: true })
    socket.addEventListener('error', () => reject(new Error('Janus can not be reached')))
  })
}
