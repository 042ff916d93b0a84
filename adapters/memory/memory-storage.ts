import { ClosedError, toError } from '../../src/errors.ts'
import type { OpenStorage, Storage, StorageSettings } from '../../src/storage.ts'
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
  async function look<T>(at: (now: number) => T): Promise<T> {
    assertOpen()
    return at(clock.now())
  }

  async function change<T>(act: (now: number) => T): Promise<T> {
    assertOpen()
    const answer = act(clock.now())
    store.wakes.ring()
    store.changes.ring()
    return answer
  }

  /** Until it is ended, or the storage closed. */
  function listen<T>(source: { subscribe(listener: (told: T) => void): () => void }, listener: (told: T) => void) {
    assertOpen()
    const end = source.subscribe((told) => {
      try {
        listener(told)
      } catch (thrown) {
        logger.error({ error: toError(thrown), told }, 'a listener of the memory storage threw')
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
    push: (entries, id) => change((now) => push(store, entries, id, now)),
    exchange: (asked) => change((now) => exchange(store, asked, dead, now)),
    promote: (limit) => change((now) => promote(store, limit, now)),
    beat: (report) => change((now) => beat(store, report, now)),
    signal: (worker, what) => change((now) => signal(store, worker, what, now)),
    recover: (worker) => change((now) => recover(store, worker, now)),
    retire: (worker) => change((now) => retire(store, worker, now)),
    cancel: (jid) => change((now) => cancel(store, jid, now)),
    queues: () => look((now) => queues(store, now)),
    workers: () => look((now) => workers(store, now)),
    stats: (days) => look((now) => stats(store, days, now)),
    page: (place, asked) => look(() => page(store, place, asked)),
    scan: (place, asked) => look(() => scan(store, place, asked)),
    move: (from, moves) => change((now) => move(store, from, moves, dead, now)),
    remove: (place, keys) => change((now) => remove(store, place, keys, now)),
    clear: (place) => change((now) => clear(store, place, now)),
    pause: (queue, paused) => change(() => pause(store, queue, paused)),
    measure: (samples) => change((now) => store.metrics.add(samples, now)),
    metrics: ({ minutes, job }) => look((now) => store.metrics.last(minutes, job, now)),
    wipe: () => change(() => wipe(store)),
    lock: (key, owner, forMs) => change((now) => lock(store, key, owner, forMs, now)),
    unlock: (key, owner) => change((now) => unlock(store, key, owner, now)),
    readDocument: (name) => look((now) => readDocument(store, name, now)),
    writeDocument: (name, text, version, forMs = Number.POSITIVE_INFINITY) =>
      change((now) => writeDocument(store, name, text, version, forMs, now)),
    subscribe: (onWake) => listen(store.wakes, onWake),
    watch: (onChange) => listen(store.changes, onChange),
    close,
  }
}
