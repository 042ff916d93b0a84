import { ClosedError, toError } from '../../src/errors.ts'
import type { OpenStorage, Storage, StorageSettings, Wake } from '../../src/storage.ts'
import { cancel } from './cancel.ts'
import { exchange } from './exchange.ts'
import { queues, stats, workers } from './inspect.ts'
import { clear, move, pause, remove, wipe } from './manage.ts'
import { page, scan } from './pages.ts'
import { beat, retire, signal } from './presence.ts'
import { push } from './produce.ts'
import { promote } from './promote.ts'
import { recover } from './recover.ts'
import { lock, readDocument, unlock, writeDocument } from './small-things.ts'
import { Store } from './store.ts'

/**
 * Keeps jobs in this process's memory: for tests, and for work that may be lost with the process. Each call of
 * `memoryStorage()` makes a store of its own, which lives as long as somebody refers to it; apps that are given the
 * same one share their jobs.
 *
 * This is the reference for other storages. Here a call runs to its end before another begins: what others need
 * transactions and scripts for is a plain function of the files beside this one, and all of that function is one step.
 */
export function memoryStorage(): OpenStorage {
  const namespaces = new Map<string, Store>()
  const open = (settings: StorageSettings) => {
    const store = namespaces.get(settings.namespace) ?? new Store()
    namespaces.set(settings.namespace, store)
    return openStore(store, settings)
  }
  return Object.assign(open, { place: 'memory' })
}

/** The storage of one app on a store that others may share. */
export function openStore(store: Store, { clock, logger, dead }: StorageSettings): Storage {
  const subscriptions = new Set<() => void>()
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new ClosedError('The storage is closed: open it again to go on.')
  }

  /** Async only so that what is thrown becomes a rejection: everything happens before the call returns. */
  async function call<T>(act: (now: number) => T): Promise<T> {
    assertOpen()
    const answer = act(clock.now())
    store.wakes.ring()
    return answer
  }

  function subscribe(onWake: (wake: Wake) => void): () => void {
    assertOpen()
    const end = store.wakes.subscribe((wake) => {
      try {
        onWake(wake)
      } catch (thrown) {
        logger.error({ error: toError(thrown), wake }, 'a listener of the memory storage threw')
      }
    })
    subscriptions.add(end)
    return () => {
      end()
      subscriptions.delete(end)
    }
  }

  async function close(): Promise<void> {
    isClosed = true
    for (const end of subscriptions) end()
    subscriptions.clear()
  }

  return {
    push: (entries, id) => call((now) => push(store, entries, id, now)),
    exchange: (asked) => call((now) => exchange(store, asked, dead, now)),
    promote: (limit) => call((now) => promote(store, limit, now)),
    beat: (report) => call((now) => beat(store, report, now)),
    signal: (worker, what) => call((now) => signal(store, worker, what, now)),
    recover: (worker) => call((now) => recover(store, worker, now)),
    retire: (worker) => call((now) => retire(store, worker, now)),
    cancel: (jid) => call((now) => cancel(store, jid, now)),
    queues: () => call((now) => queues(store, now)),
    workers: () => call((now) => workers(store, now)),
    stats: (days) => call((now) => stats(store, days, now)),
    page: (place, asked) => call(() => page(store, place, asked)),
    scan: (place, asked) => call(() => scan(store, place, asked)),
    move: (from, moves) => call((now) => move(store, from, moves, dead, now)),
    remove: (place, keys) => call((now) => remove(store, place, keys, now)),
    clear: (place) => call((now) => clear(store, place, now)),
    pause: (queue, paused) => call(() => pause(store, queue, paused)),
    measure: (samples) => call((now) => store.metrics.add(samples, now)),
    metrics: ({ minutes, job }) => call((now) => store.metrics.last(minutes, job, now)),
    wipe: () => call(() => wipe(store)),
    lock: (key, owner, forMs) => call((now) => lock(store, key, owner, forMs, now)),
    unlock: (key, owner) => call((now) => unlock(store, key, owner, now)),
    readDocument: (name) => call((now) => readDocument(store, name, now)),
    writeDocument: (name, text, version, forMs = Number.POSITIVE_INFINITY) =>
      call((now) => writeDocument(store, name, text, version, forMs, now)),
    subscribe,
    close,
  }
}
