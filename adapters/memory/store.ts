import type { Beat, Exchanged, Place, Refusal, Signal, StoredDocument } from '../../src/storage.ts'
import { Changes } from './changes.ts'
import { ExpiringMap } from './expiring-map.ts'
import { Metrics } from './metrics.ts'
import { SortedList } from './sorted-list.ts'
import { Tally } from './tally.ts'
import { Wakes } from './wakes.ts'

/**
 * A job at rest in a place, or in a worker's keeping. A million of them may wait, so there is nothing here to spare.
 */
export interface StoredJob {
  /** When it is due, or died. 0 in a queue, where `seq` alone makes the order. */
  at: number
  /** New whenever the job comes to a place: with `at` it is the row's key, and no key is ever used again. */
  seq: number
  readonly jid: string
  /** The queue that it is in, or was in last. */
  queue: string
  text: string
}

/** A job in a worker's keeping. */
export interface Claim {
  readonly token: number
  readonly job: StoredJob
  readonly lane: string
  readonly request: number
  /** When it was claimed. */
  readonly startedAt: number
  /** False while it is only read ahead: then it was not what its worker died of. */
  begun: boolean
  /** True once it was cancelled: wherever it would wait again, it is discarded instead. */
  cancelled: boolean
}

/** A beat, and when it came. */
export type Report = Beat & { readonly beatAt: number }

/** A worker that was heard of and not forgotten since; alive while its lease runs. */
export interface KnownWorker {
  readonly id: string
  leaseMs: number
  leaseEndsAt: number
  /** Since when it has been present without a gap. */
  steadySince: number
  /**
   * What it told with its last beat: undefined for one that has claimed and not beaten yet, so there is nothing to
   * show.
   */
  report: Report | undefined
  /** By token, in the order in which they were claimed. */
  readonly claims: Map<number, Claim>
  /** All its tokens are above this one: what is below, it held before it was forgotten. */
  readonly tokensAbove: number
  /** The last request of each lane, and its answer, should it be asked for again. */
  readonly lanes: Map<string, { readonly request: number; readonly answer: Exchanged }>
  /** Sent, and not yet heard. */
  readonly signals: Set<Signal>
}

/** All that one namespace holds. What may be done to it stands in the files beside this one. */
export class Store {
  /** The queues that hold jobs or did since they were last cleared. */
  readonly queues: Map<string, SortedList<StoredJob>> = new Map()
  readonly paused: Set<string> = new Set()
  readonly scheduled: SortedList<StoredJob> = new SortedList()
  readonly retry: SortedList<StoredJob> = new SortedList()
  readonly dead: SortedList<StoredJob> = new SortedList()
  readonly workers: Map<string, KnownWorker> = new Map()
  /** Owners, by the lock's key. */
  readonly locks: ExpiringMap<string> = new ExpiringMap()
  /** The instants at which a job was recovered, by its jid. */
  readonly recoveries: ExpiringMap<readonly number[]> = new ExpiringMap()
  /** The answers to the last pushes of each client, by number. */
  readonly pushes: ExpiringMap<Map<number, Refusal[]>> = new ExpiringMap()
  /** The jids that callers chose and pushed lately. */
  readonly chosen: ExpiringMap<true> = new ExpiringMap()
  readonly documents: ExpiringMap<StoredDocument> = new ExpiringMap()
  readonly tally: Tally = new Tally()
  readonly metrics: Metrics = new Metrics()
  readonly wakes: Wakes = new Wakes()
  readonly changes: Changes = new Changes()
  #last = 0
  #first = 0

  /** A number above all that were given before: a token, a version, or a place behind all others. */
  next(): number {
    return ++this.#last
  }

  /** A number below all that were given before: a place in front of all others. */
  nextInFront(): number {
    return --this.#first
  }

  /** The jobs of a place; undefined for a queue that nobody knows. */
  jobsIn(place: Place): SortedList<StoredJob> | undefined {
    return typeof place === 'string' ? this[place] : this.queues.get(place.queue)
  }
}
