import { reachable } from '../launch-env.ts'

/** Where the server of these settings answers on this machine. */
export function serverUrl({ HOST, PORT }: { HOST: string; PORT: number }): string {
  return `http://${reachable(HOST)}:${PORT}`
}

/** Whether a server is there. */
export async function isRunning(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(5_000)
  return fetch(`${url}/healthz`, { signal }).then(
    ({ ok }) => ok,
    () => false,
  )
}
