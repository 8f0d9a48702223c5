import '@beseda/client/no-eval'
import './ui/base.css'
import { createClient } from '@beseda/client/client'
import { render } from 'solid-js/web'
import { icePolicy, icePolicyKey } from './calls/ice-policy.ts'
import { App } from './shell/App.tsx'
import { hasSessionMark } from './shell/session-mark.ts'
import { openUnsentStorage } from './shell/unsent-storage.ts'

const root = document.getElementById('app')
if (!root) throw new Error('the page has no #app')

const client = createClient({
  url: location.origin,
  unsentStorage: openUnsentStorage(),
  iceTransportPolicy: icePolicy(localStorage.getItem(icePolicyKey)),
})
if (hasSessionMark(document.cookie)) void client.session.restore()
// The network is back before the next try would be; a page that slept holds a dead socket.
window.addEventListener('online', () => {
  client.connection.retryNow()
  client.calls.tryNetwork()
})
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) client.connection.retryNow()
})
// A part of the page is gone when the server has a newer page: load that one. A call
// that rings rings again there.
window.addEventListener('vite:preloadError', () => {
  if (client.calls.current.get() === null) location.reload()
})
// Whoever closes the tab has left, and the others should see it at once.
window.addEventListener('pagehide', () => void client.calls.hangUp())
render(() => <App client={client} />, root)
