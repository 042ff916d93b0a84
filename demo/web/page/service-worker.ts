// Answers /quayside/ of this very origin, from the IndexedDB that the tabs share. The server knows nothing of it.

import { Quayside } from 'quayside'
import { dashboard } from 'quayside/dashboard'
import { indexedDBStorage } from 'quayside/indexeddb'

/** What of a service worker's events is used here: the page's own types know none of them. */
interface LifecycleEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface FetchEvent extends LifecycleEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

const worker = globalThis as unknown as {
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  addEventListener(name: 'install' | 'activate', listener: (event: LifecycleEvent) => void): void
  addEventListener(name: 'fetch', listener: (event: FetchEvent) => void): void
}

const app = new Quayside({ storage: indexedDBStorage(), logger: false })
// Whoever can ask has the jobs anyway: they are on this device.
const answer = dashboard(app, { basePath: '/quayside', authorize: () => 'all' })

worker.addEventListener('install', () => worker.skipWaiting())
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url)
  if (origin !== location.origin || !/^\/quayside(\/|$)/.test(pathname)) return
  event.respondWith(answer(event.request, { waitUntil: (work) => event.waitUntil(work) }))
})
