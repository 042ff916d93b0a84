import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb'
import type { Beat, BeatAnswer, JobMetrics, Signal } from '../../src/storage.ts'
import { newMeta } from './step.ts'

/** A job, wherever it is. Its key is the place of it: no key is ever used again, since no `seq` is. */
export interface JobRow {
  /** `scheduled`, `retry`, `dead`, or `queue:` with the name of a queue. */
  readonly place: string
  /** When it is due, or died; in a queue, which part of it (places.ts). */
  readonly at: number
  readonly seq: number
  readonly jid: string
  readonly text: string
}

/** What is known of a place without looking at its jobs: counting 200,000 rows takes 240 ms. Part of MetaRow. */
export interface KnownPlace {
  readonly place: string
  /** Jobs that wait here. */
  size: number
  /** How many of them were given back to the front. */
  front: number
  /** Jobs of the line wait from this `seq` on; before it they were claimed. Infinity: no job ever came here. */
  head: number
  paused: boolean
}

/**
 * Jobs that one claim took from one part of a queue. They stay where they are until all have finished: so a claim
 * writes one record, however many jobs it takes, and one range delete ends them all.
 */
export interface Window {
  /** The token of its first job; the others have those that follow, in the order of their rows. */
  readonly first: number
  readonly count: number
  readonly place: string
  readonly part: number
  /** The `seq` of its first and of its last row. */
  readonly from: number
  readonly to: number
  readonly lane: string
  readonly request: number
  readonly claimedAt: number
  /** Jobs by their number in the window, from 0: those only read ahead, those settled or given back, those cancelled. */
  ahead: number[]
  finished: number[]
  cancelled: number[]
}

export interface WorkerRow {
  readonly worker: string
  leaseMs: number
  /** How long it may be silent before others take its jobs. */
  safeMs: number
  /** When it was last heard of. */
  seenAt: number
  /** Since when it has never been silent for so long. */
  steadySince: number
  /** All its tokens are above this one: what is below, it held before it was forgotten. */
  readonly born: number
  /** True when its Web Lock tells whether it lives. */
  isLocked: boolean
  /** The last request of each lane, and what was refused of it. */
  readonly lanes: Map<string, { readonly request: number; readonly refused: readonly number[] }>
  signals: Signal[]
  windows: Window[]
}

/** What a worker told with its last beat. Apart from its row, which is written with each exchange. */
export type ReportRow = Pick<Beat, 'worker' | 'about' | 'quiet' | 'running'> &
  Pick<BeatAnswer, 'standby'> & { readonly beatAt: number }

/** Something small that ends: a lock, a chosen jid, a job's recoveries, a document. */
export interface KeptRow {
  readonly kind: string
  readonly name: string
  readonly value: unknown
  readonly endsAt: number
}

interface DayRow {
  /** Days since 1970. */
  readonly day: number
  processed: number
  failed: number
}

/** What was measured of one job in one minute. */
export interface MetricsRow extends JobMetrics {
  /** Minutes since 1970. */
  readonly minute: number
}

/** The one record that nearly every call reads and writes. Each record more costs a sixth of a single push. */
export interface MetaRow {
  readonly key: 'meta'
  /** The name of this database's life: another one means that it was deleted meanwhile, and made anew. */
  readonly epoch: string
  /** The last number given: rows, tokens, versions. */
  seq: number
  /** By their names. A queue is known from its first job on, or while it is paused. */
  readonly places: Map<string, KnownPlace>
  /** No job of the scheduled and the retry set is due sooner. */
  dueAt: number
  processed: number
  failed: number
  /** The day that is being counted. */
  today: DayRow
  /** Until when any job's recoveries are remembered. Most have none, and exchanges need not look for them. */
  recoveredUntil: number
  /** True when a claim found less than it had room for: the next jobs that come are to be told of. */
  isHungry: boolean
  /** The last pushes of all clients, for those whose commit nobody saw, and when the last one was. */
  pushes: string[]
  pushedAt: number
  /** Until when somebody watches: whoever changes something tells of it (watchers.ts). */
  watchedUntil?: number
  /** Who performs for all contexts, and when it last said so (election.ts). */
  performer?: { readonly term: string; readonly seenAt: number }
}

export interface Schema extends DBSchema {
  jobs: { key: [place: string, at: number, seq: number]; value: JobRow; indexes: { jid: string } }
  workers: { key: string; value: WorkerRow }
  reports: { key: string; value: ReportRow }
  kept: { key: [kind: string, name: string]; value: KeptRow; indexes: { endsAt: number } }
  days: { key: number; value: DayRow }
  metrics: { key: [minute: number, job: string]; value: MetricsRow }
  meta: { key: string; value: MetaRow }
}

export type StoreName = 'jobs' | 'workers' | 'reports' | 'kept' | 'days' | 'metrics' | 'meta'

export type Database = IDBPDatabase<Schema>

/** What an upgrade works in: the stores of all versions, so without their types. `epoch` is for a database that begins. */
export type Upgrade = (database: IDBDatabase, transaction: IDBTransaction, epoch: string) => void

/**
 * The steps from each version of the database to the next; their number is the version. A step that was released is
 * never changed: a later one mends what it did. Steps work on callbacks of their own requests, and must not wait for
 * anything else. All of them together are one transaction.
 */
export const UPGRADES: readonly Upgrade[] = [
  function create(database, _transaction, epoch) {
    database.createObjectStore('jobs', { keyPath: ['place', 'at', 'seq'] }).createIndex('jid', 'jid')
    database.createObjectStore('workers', { keyPath: 'worker' })
    database.createObjectStore('reports', { keyPath: 'worker' })
    database.createObjectStore('kept', { keyPath: ['kind', 'name'] }).createIndex('endsAt', 'endsAt')
    database.createObjectStore('days', { keyPath: 'day' })
    database.createObjectStore('metrics', { keyPath: ['minute', 'job'] })
    database.createObjectStore('meta', { keyPath: 'key' }).put(newMeta(epoch))
  },
]

export const STORES: StoreName[] = ['jobs', 'workers', 'reports', 'kept', 'days', 'metrics', 'meta']

export type Transaction = IDBPTransaction<Schema, StoreName[], 'readwrite'>
