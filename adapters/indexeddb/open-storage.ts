import { ClosedError, toError } from '../../src/errors.ts'
import type { PushId, Recovery, Refusal, Storage, StorageSettings, Wake } from '../../src/storage.ts'
import { cancel } from './cancel.ts'
import type { Connection } from './connection.ts'
import { exchange } from './exchange.ts'
import { queues, stats, workers } from './inspect.ts'
import type { KnownPushes } from './known-pushes.ts'
import { clear, move, pause, remove, wipe } from './manage.ts'
import type { Memo } from './memo.ts'
import { METRICS_STORES, measure, metrics } from './metrics.ts'
import { meetNeighbours } from './neighbours.ts'
import { channelOf, databaseName, type IndexedDBOptions } from './options.ts'
import { page, scan } from './pages.ts'
import { beat, type HoldsLock, retire, signal } from './presence.ts'
import { durabilityOf, push, storesOf } from './produce.ts'
import { promote } from './promote.ts'
import { recover } from './recover.ts'
import type { StoreName } from './schema.ts'
import { lock, readDocument, unlock, writeDocument } from './small-things.ts'
import type { Act, Durability } from './transaction.ts'
import { markWatched, Watchers } from './watchers.ts'

/** The storage of one app on a database that others may have open, too. */
export function openStorage(
  connection: Connection,
  { namespace, clock, logger, dead }: StorageSettings,
  options: IndexedDBOptions,
  pushes: KnownPushes,
  memo: Memo,
  patienceMs: number,
): Storage {
  const { durability = 'relaxed' } = options
  const means = { connection, clock, namespace, options, memo, patienceMs }
  const { wakes, living, election, ...neighbours } = meetNeighbours(means)
  const watchers = new Watchers({
    clock,
    openChannel: () => channelOf(options, `${databaseName(namespace)}:changes`),
    mark: () => change(markWatched, ['meta']),
  })
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new ClosedError('The storage is closed: open it again to go on.')
  }

  async function change<T>(act: Act<T>, stores?: StoreName[], durability?: Durability): Promise<T> {
    assertOpen()
    const { answer, step } = await connection.step('readwrite', act, stores, durability)
    wakes.tell(step.wakes)
    wakes.post(step.news)
    watchers.tell(step)
    return answer
  }

  async function look<T>(act: Act<T>, stores?: StoreName[]): Promise<T> {
    assertOpen()
    return (await connection.step('readonly', act, stores)).answer
  }

  async function pushOnce(entries: Parameters<typeof push>[1], id: PushId): Promise<Refusal[]> {
    assertOpen()
    return pushes.answer(id, clock.now(), () => {
      return change((step) => push(step, entries, id), storesOf(entries), durabilityOf(entries, durability))
    })
  }

  /** Who holds its Web Lock: that cannot be asked inside a transaction. */
  async function lookAtLocks(): Promise<HoldsLock> {
    assertOpen()
    const isHeld = await living.seen()
    return ({ worker }) => isHeld?.(worker) === true
  }

  async function recoverAll(worker: string): Promise<Recovery> {
    if (election?.isStandby) return { requeued: 0, nextMs: undefined }
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
    // What it gave back is there for whoever comes next.
    election?.leave(worker)
    living.release(worker)
  }

  /** What a listener throws disturbs nobody. */
  function guarded<T>(listener: (told: T) => void): (told: T) => void {
    return (told) => {
      try {
        listener(told)
      } catch (thrown) {
        logger.error({ error: toError(thrown), told }, 'a listener of the IndexedDB storage threw')
      }
    }
  }

  function subscribe(onWake: (wake: Wake) => void): () => void {
    assertOpen()
    return wakes.subscribe(guarded(onWake))
  }

  function watch(onChange: (finished: readonly string[]) => void): () => void {
    assertOpen()
    return watchers.subscribe(guarded(onChange))
  }

  async function close(): Promise<void> {
    isClosed = true
    neighbours.close()
    watchers.close()
    connection.close()
  }

  return {
    push: pushOnce,
    exchange: async (asked) => {
      assertOpen()
      if (asked.limit > 0) election?.join(asked.worker)
      const sighting = await neighbours.sight(asked)
      return change((step) => exchange(step, asked, sighting, dead))
    },
    beat: async (report) => {
      assertOpen()
      if (report.quiet) election?.leave(report.worker)
      else election?.join(report.worker)
      const sighting = await neighbours.sight(report)
      return change((step) => beat(step, report, sighting))
    },
    promote: async (limit) => {
      if (election?.isStandby) return { promoted: 0, nextMs: undefined }
      return change((step) => promote(step, limit))
    },
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
    ...(neighbours.canWake ? { subscribe, watch } : {}),
    close,
  }
}
