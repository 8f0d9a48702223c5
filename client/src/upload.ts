/** What of `fetch` an upload needs. */
type Post = {
  method: string
  headers: Record<string, string>
  body: FormData
  signal?: AbortSignal | undefined
}

/** Whether this environment can tell how much of an upload has gone out; `fetch` can't. */
export const canTellProgress = () => typeof XMLHttpRequest !== 'undefined'

/**
 * As `fetch`, for a form, in a browser.
 *
 * @param onProgress is told the part that has gone out, 0 to 1
 * @throws TypeError when the server can't be reached, the signal's reason once it is aborted
 */
export function postWithProgress(
  url: string,
  { method, headers, body, signal }: Post,
  onProgress: (part: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    signal?.addEventListener('abort', abort)
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total)
    }
    request.onload = () => resolve(answerOf(request))
    request.onerror = () => reject(new TypeError('The upload broke off.'))
    request.onabort = () => reject(signal?.reason)
    request.onloadend = () => signal?.removeEventListener('abort', abort)
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(body)
  })
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers()
  for (const line of request.getAllResponseHeaders().trim().split('\r\n')) {
    const [name = '', ...value] = line.split(': ')
    if (name !== '') headers.append(name, value.join(': '))
  }
  return new Response(request.responseText || null, { status: request.status, headers })
}
