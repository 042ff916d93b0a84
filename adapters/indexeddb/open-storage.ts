import { ClosedError, toError } from '../../src/errors.ts'
import type { PushId, Recovery, Refusal, Storage, StorageSettings, Wake } from '../../src/storage.ts'
import { cancel } from './cancel.ts'
import type { Connection } from './connection.ts'
import { exchange } from './exchange.ts'
import { queues, stats, workers } from './inspect.ts'
import type { KnownPushes } from './known-pushes.ts'
import { Living } from './living.ts'
import { clear, move, pause, remove, wipe } from './manage.ts'
import { METRICS_STORES, measure, metrics } from './metrics.ts'
import { channelOf, databaseName, type IndexedDBOptions, locksOf } from './options.ts'
import { page, scan } from './pages.ts'
import { beat, type HoldsLock, retire, type Sighting, signal } from './presence.ts'
import { push, storesOf } from './produce.ts'
import { promote } from './promote.ts'
import { recover } from './recover.ts'
import type { StoreName } from './schema.ts'
import { lock, readDocument, unlock, writeDocument } from './small-things.ts'
import type { Act } from './transaction.ts'
import { Wakes } from './wakes.ts'

/** The storage of one app on a database that others may have open, too. */
export function openStorage(
  connection: Connection,
  { namespace, clock, logger, dead }: StorageSettings,
  options: IndexedDBOptions,
  pushes: KnownPushes,
  patienceMs: number,
): Storage {
  const channel = channelOf(options, databaseName(namespace))
  const wakes = new Wakes(channel)
  const living = new Living(locksOf(options), namespace, () => wakes.tell(['recoverable']))
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new ClosedError('The storage is closed: open it again to go on.')
  }

  async function change<T>(act: Act<T>, stores?: StoreName[]): Promise<T> {
    assertOpen()
    const { answer, step } = await connection.step('readwrite', act, stores)
    wakes.tell(step.wakes)
    wakes.post(step.news)
    return answer
  }

  async function look<T>(act: Act<T>, stores?: StoreName[]): Promise<T> {
    assertOpen()
    return (await connection.step('readonly', act, stores)).answer
  }

  async function pushOnce(entries: Parameters<typeof push>[1], id: PushId): Promise<Refusal[]> {
    assertOpen()
    return pushes.answer(id, clock.now(), () => change((step) => push(step, entries, id), storesOf(entries)))
  }

  /** The lock is held before the transaction begins: who stands in the database without one is dead. */
  async function sight({ worker, leaseMs }: { worker: string; leaseMs: number }): Promise<Sighting> {
    assertOpen()
    return { worker, leaseMs, safeMs: Math.max(patienceMs, leaseMs), isLocked: await living.hold(worker) }
  }

  /** Who holds its Web Lock: that cannot be asked inside a transaction. */
  async function lookAtLocks(): Promise<HoldsLock> {
    assertOpen()
    const isHeld = await living.seen()
    return ({ worker }) => isHeld?.(worker) === true
  }

  async function recoverAll(worker: string): Promise<Recovery> {
    const known = new Map((await look((step) => step.from('workers').getAll())).map((row) => [row.worker, row.born]))
    const isHeld = await living.seen()
    const { rest, ...recovery } = await change((step) => {
      return recover(step, worker, ({ worker: id, born, isLocked }) => {
        return isLocked && known.get(id) === born && isHeld?.(id) === false
      })
    })
    living.watch(rest.filter(({ isLocked }) => isLocked).map((row) => row.worker))
    return recovery
  }

  async function retireAndRelease(worker: string): Promise<void> {
    await change((step) => retire(step, worker))
    living.release(worker)
  }

  function subscribe(onWake: (wake: Wake) => void): () => void {
    assertOpen()
    return wakes.subscribe((wake) => {
      try {
        onWake(wake)
      } catch (thrown) {
        logger.error({ error: toError(thrown), wake }, 'a listener of the IndexedDB storage threw')
      }
    })
  }

  async function close(): Promise<void> {
    isClosed = true
    wakes.close()
    living.close()
    connection.close()
  }

  return {
    push: pushOnce,
    exchange: async (asked) => {
      const sighting = await sight(asked)
      return change((step) => exchange(step, asked, sighting, dead))
    },
    beat: async (report) => {
      const sighting = await sight(report)
      return change((step) => beat(step, report, sighting))
    },
    promote: (limit) => change((step) => promote(step, limit)),
    signal: async (worker, what) => {
      const holdsLock = await lookAtLocks()
      return change((step) => signal(step, worker, what, holdsLock))
    },
    recover: recoverAll,
    retire: retireAndRelease,
    cancel: (jid) => change((step) => cancel(step, jid)),
    queues: () => look(queues),
    workers: async () => {
      const holdsLock = await lookAtLocks()
      return look((step) => workers(step, holdsLock))
    },
    stats: async (days) => {
      const holdsLock = await lookAtLocks()
      return look((step) => stats(step, days, holdsLock))
    },
    page: (place, asked) => look((step) => page(step, place, asked)),
    scan: (place, asked) => look((step) => scan(step, place, asked)),
    move: (from, moves) => change((step) => move(step, from, moves, dead)),
    remove: (place, keys) => change((step) => remove(step, place, keys)),
    clear: (place) => change((step) => clear(step, place)),
    pause: (queue, paused) => change((step) => pause(step, queue, paused)),
    measure: (samples) => change((step) => measure(step, samples), METRICS_STORES),
    metrics: (asked) => look((step) => metrics(step, asked), METRICS_STORES),
    wipe: () => change(wipe),
    lock: (key, owner, forMs) => change((step) => lock(step, key, owner, forMs)),
    unlock: (key, owner) => change((step) => unlock(step, key, owner)),
    readDocument: (name) => look((step) => readDocument(step, name)),
    writeDocument: (name, text, version, forMs) => change((step) => writeDocument(step, name, text, version, forMs)),
    ...(channel ? { subscribe } : {}),
    close,
  }
}
