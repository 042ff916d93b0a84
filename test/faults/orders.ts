import type { RedisStorageOptions } from '../../adapters/redis/index.ts'
import type { Duration } from '../../src/duration.ts'
import type { WorkOptions } from '../../src/index.ts'

// What the programs of these tests are told: as JSON, on their command line.

/** What a job does: the one argument of the job `Work`. */
export interface Order {
  /** Names the job in the ledger. */
  readonly id: string
  /** It waits so long, and ends when its signal fires. */
  readonly ms?: number
  /** It does not listen to its signal. */
  readonly isDeaf?: boolean
  /** It keeps the event loop so long. */
  readonly blockMs?: number
  /** So many of its first runs fail. */
  readonly fails?: number
  /** It ends its process, as if it were killed. */
  readonly isPill?: boolean
  /** It does all this only on the worker of this name, and nothing elsewhere. */
  readonly on?: string
}

/** What every program is told. */
export interface Orders {
  /** Of its notes in the ledger. No two programs have the same one. */
  readonly name: string
  readonly ledger: string
  readonly storage: RedisStorageOptions
}

export interface WorkerOrders extends Orders {
  readonly work: WorkOptions
}

export interface ProducerOrders extends Orders {
  /** What it enqueues, one after the other, and again from the beginning, until it is stopped. */
  readonly mix: readonly Enqueue[]
  /** How many do so side by side. */
  readonly lanes: number
  readonly pauseMs: number
}

export interface Enqueue extends Omit<Order, 'id'> {
  readonly wait?: Duration
  /** So many in one call. */
  readonly bulk?: number
  /** With a jid of its own; repeated with the same one until it is stored. */
  readonly isOwn?: boolean
}
