import type { IndexedDBOptions } from '../../adapters/indexeddb/index.ts'
import type { Duration } from '../../src/duration.ts'
import type { WorkOptions } from '../../src/index.ts'

/** The orders of a page, which stand in its address. */
export interface PageOrders {
  /** Names the tab, also after a reload. */
  readonly tab: string
  /** Who performs: one tab of all that would, or all of them. */
  readonly mode: Mode
  /** 'chained': all timers of the page are of the kind that Chromium throttles most. */
  readonly timers?: 'chained'
  readonly storage?: Pick<IndexedDBOptions, 'durability' | 'patience'>
  readonly work?: Pick<WorkOptions, 'concurrency' | 'heartbeat' | 'lease'>
}

export type Mode = 'one' | 'all'

export const MODES: readonly Mode[] = ['one', 'all']

/** The argument of a job, and so the orders of its handler. */
export interface Order {
  /** The idempotency key: its effects are told under this name. */
  readonly id: string
  /** How long a run takes. */
  readonly ms?: number
  /** How many runs fail. */
  readonly fails?: number
  /**
   * The first run goes on until then: for ever ('aborted', since all runs end when their signal fires), until the test
   * says so, or until a frozen page goes on: it then ends before it could be told that it is late, and notes nothing.
   */
  readonly holds?: 'aborted' | 'released' | 'resumed'
}

/** What is put into the queue, and when it is due. */
export interface Enqueue extends Order {
  readonly wait?: Duration
}

/** What a page offers to the test: `globalThis.program`. */
export interface Program {
  /** Enqueues one after the other, and notes each that is stored. */
  enqueue(orders: readonly Enqueue[]): Promise<void>
  /** Enqueues in a loop until the page ends; ids begin with `prefix`. */
  produce(prefix: string): void
  /** Ends the runs that wait for it. */
  release(): void
  /** Enqueues large jobs for later, until one is refused. */
  fill(): Promise<Refusal>
  /** Deletes what is for later. */
  empty(): Promise<void>
  /** Enqueues jobs that require the network. */
  send(ids: readonly string[]): Promise<void>
  /** How often a job began that requires the network, also when nobody could be told. */
  sends(): number
  /** How many jobs wait, are due later, or run. */
  unfinished(): Promise<number>
  /** The ids of acknowledged jobs that a plain database of the same page still has. */
  kept(): Promise<string[]>
  /** The ids of jobs in the dead set. */
  dead(): Promise<string[]>
  /** The lifecycle of the page: 'freeze' and 'resume', as the browser told them. */
  readonly lifecycle: readonly string[]
}

export interface Refusal {
  readonly code: string
  readonly outcome: string
  readonly message: string
}

/**
 * What pages tell the server. 'ready': the worker has started. 'stored': an enqueue was acknowledged. 'begun',
 * 'aborted' when its signal fires, and 'failed' or 'ended': a run. 'late': timers of the page were. 'lost': the
 * database was deleted. 'warned': the library logged a warning or an error.
 */
export type Word = 'ready' | 'stored' | 'begun' | 'aborted' | 'failed' | 'ended' | 'late' | 'lost' | 'warned'

export interface Note {
  /** When the server heard it, by the clock of the test. */
  readonly at: number
  /** The page: its tab, and how often that was loaded. */
  readonly who: string
  readonly what: Word
  readonly id: string
  /** What the library logged, why a run was aborted, or by how many milliseconds timers were late. */
  readonly about?: string | number
}
