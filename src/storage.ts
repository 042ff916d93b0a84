import type { Clock } from './clock.ts'
import type { Logger } from './logger.ts'

/**
 * THE CONTRACT between the engine and whatever keeps its jobs. The engine speaks only these words; each adapter says
 * them in the language of its store. `test/conformance` holds every adapter to each sentence below, and
 * `adapters/memory` is the reference: read the two beside each other and you can write the next one.
 *
 * What holds for all methods:
 * - **Text travels.** A job crosses as the text of its payload. What is only moved keeps every byte.
 * - **Each call is atomic**: done wholly or not at all, and never seen half done, where its comment says nothing else.
 * - **Time is the storage's own.** Callers pass delays, never instants. Delays are milliseconds; 0 and less mean now.
 * - **A lost answer loses nothing.** `push` and `exchange` carry a number of their own: the same number again gives the
 *   first answer again, and does nothing. All others may simply be repeated. A call that failed with outcome 'none' was
 *   never made: its number may carry something else.
 * - **Failing.** StorageUnavailableError when the store cannot be reached or refuses to grow, its `outcome` telling
 *   whether the call may have happened. Any other error means that nothing was done.
 */
export interface Storage {
  // ─── produce ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Stores jobs: those due now at the back of their queues, in the order given; later ones in the scheduled set.
   * Answers the entries that were not stored because another jid holds their unique lock; an empty array means all were
   * stored. A push whose number is among the last 1,000 of its client, and not older than ten minutes, stores nothing
   * and gives its first answer again; a storage whose calls never end with outcome 'unknown' may keep the numbers in
   * its own memory. An entry whose `chosen` jid was stored within ten minutes is not stored again, and counts as
   * stored.
   */
  push(entries: readonly Entry[], id: PushId): Promise<Refusal[]>

  // ─── consume ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Settles what a worker has finished and claims what it can do next, in one step. In this order: (1) the worker's
   * lease runs from now on; (2) each settlement is carried out, counted in the statistics, and the unique lock that it
   * names freed if its owner holds it; what goes nowhere or to the dead set has its recoveries forgotten; what goes to
   * the front of a queue keeps the order of its claims; a settlement whose token the worker no longer holds is refused,
   * and nothing of it happens; (3) up to `limit` jobs move, never copied and never lost between, from the queues in the
   * order given, oldest first, into the worker's keeping, each with a token that no other claim of this worker ever
   * has, even if the store went back in time meanwhile. Paused queues give nothing. Repeating the last `request` of a
   * lane gives the same answer again, unless the worker was forgotten meanwhile or a beat told that the answer has
   * arrived; an older one is an OptionError.
   */
  exchange(exchange: Exchange): Promise<Exchanged>

  // ─── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Moves up to `limit` due jobs, soonest due first, from the scheduled and the retry set to the back of the queues
   * that their texts name (`default` where a text names none), with a new `enqueued_at` and every other byte as it was.
   * Each is promoted once, however many workers try. Atomic for each job. Jobs due at the same instant have no promised
   * order.
   */
  promote(limit: number): Promise<Promotion>

  // ─── presence ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Says that a worker lives: its lease runs from now on, and its report is what `workers` shows. Answers the signals
   * sent to it, less those that it has `heard`, for how long nobody will take its jobs, which of the tokens it holds
   * were cancelled, and which are no longer its own because another worker recovered them (not those that it settled
   * itself meanwhile). Jobs that the storage keeps for this worker, from a request whose answer has arrived (by
   * `answered`), and that are not among `held`, go back to the front of their queues: the worker lost them.
   */
  beat(beat: Beat): Promise<BeatAnswer>

  /** Leaves a signal for a worker's next beat. False when no such worker lives. Repeated signals count once. */
  signal(worker: string, signal: Signal): Promise<boolean>

  /**
   * Takes the jobs of workers that are gone to the back of their queues, in the order in which they were claimed, and
   * forgets those workers with their lanes. Gone is who is known for certain to be dead, or whose lease is over; but
   * leases are judged only if `worker` itself has been present, without a gap, for one full lease: after an outage of
   * the storage every lease is over, and nobody is dead. Jobs that had begun count one recovery, remembered for 72
   * hours. Their unique locks stay. Atomic for each worker that is gone.
   */
  recover(worker: string): Promise<Recovery>

  /** Forgets a worker that stops. What it still holds goes back to the front of its queues, in order, uncounted. */
  retire(worker: string): Promise<void>

  /**
   * Cancels a job wherever it is. Waiting, scheduled or in the retry set: it is gone, its unique lock freed. Running:
   * its worker hears with its next beat, and wherever the job would wait again it is discarded instead. Dead, done or
   * unknown: 'gone', and nothing happens. May look through everything, and is not atomic where it does: a job with this
   * jid that is pushed meanwhile may be cancelled too.
   */
  cancel(jid: string): Promise<'waiting' | 'running' | 'gone'>

  // ─── inspect and manage ────────────────────────────────────────────────────────────────────────────────────────────

  /** Every queue that holds jobs, ever did, or is paused, by name. Queues that were cleared are forgotten. */
  queues(): Promise<QueueState[]>

  /**
   * Every worker that has beaten and whose lease runs, or that is known for certain to live, by id, and what it performs:
   * as of its last beat, or newer.
   */
  workers(): Promise<WorkerState[]>

  /** Sizes and totals now, and the totals of the last `days` UTC days, newest first (0 where nothing was counted). */
  stats(days: number): Promise<StorageStats>

  /**
   * A page of a place. A queue's rows come next-to-be-claimed first, the scheduled and retry set's soonest due first,
   * the dead set's longest dead first; `reverse` turns that round. Beyond the end: no rows.
   */
  page(place: Place, page: PageRequest): Promise<Page>

  /**
   * Looks at up to `limit` rows of a place, going on after `cursor`, and answers those whose text has `match` in it,
   * and which are of this `jid`, where those are given. A row that is there from the first call to the last is looked
   * at at least once, whatever moves meanwhile. No `cursor` in the answer: that was the end.
   */
  scan(place: Place, scan: ScanRequest): Promise<Scan>

  /**
   * Moves rows from a place to another, each if it is still there: true for those that were. Atomic for each row. The
   * text given replaces the job's own; without one not a byte changes. What goes to a queue goes to its back, in the
   * order given. What goes to the dead set frees its unique lock, and the set is trimmed.
   */
  move(from: Place, moves: readonly Move[]): Promise<boolean[]>

  /**
   * Deletes rows, each if it is still there, and frees their unique locks. Atomic for each row. Answers how many were.
   */
  remove(place: Place, keys: readonly string[]): Promise<number>

  /** Deletes all rows of a place at once; their unique locks are free when it answers. Answers how many there were. */
  clear(place: Place): Promise<number>

  /** Makes claims pass over a queue, or not any more. Pushes go on. */
  pause(queue: string, paused: boolean): Promise<void>

  /** Deletes everything in this namespace: jobs, claims, statistics, locks and documents. Not atomic. */
  wipe(): Promise<void>

  /**
   * Adds what a worker measured since it last told. Statistics, not jobs: it is not repeated when its answer is lost.
   */
  measure(samples: readonly JobMetrics[]): Promise<void>

  /**
   * What was measured in the last `minutes` (at most 480, kept for so long at least), by the minute, oldest first;
   * minutes in which nothing was measured are left out. With a `job` only of that one, and with its durations, which
   * are left out otherwise.
   */
  metrics(asked: { readonly minutes: number; readonly job?: string | undefined }): Promise<MinuteMetrics[]>

  // ─── small things: for cron ticks, limits, cursors and batches ─────────────────────────────────────────────────────

  /**
   * Takes the lock for `forMs`, or renews it for the one who has it. Answers its owner after the call: `owner` itself,
   * or who had it first. Unique jobs use these locks too, with the jid as owner.
   */
  lock(key: string, owner: string, forMs: number): Promise<string>

  /** Frees the lock if this owner has it; false otherwise. */
  unlock(key: string, owner: string): Promise<boolean>

  /** A small document, with a version that grows with each write; undefined when there is none. */
  readDocument(name: string): Promise<StoredDocument | undefined>

  /**
   * Writes a document (deletes it when `text` is undefined) if its version is still `version`, 0 meaning that there is
   * none. False, with nothing done, when somebody else was faster. It ends `forMs` after its last write, if that is
   * given. No version of a name is ever used again, also after it was deleted.
   */
  writeDocument(name: string, text: string | undefined, version: number, forMs?: number): Promise<boolean>

  // ─── the connection ────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Optional: calls `onWake` soon after something happened that would change the answer of the last `exchange`,
   * `promote`, `beat` or `recover` made through this opened storage, whoever did it. It may call too often. It calls
   * too seldom only if the process that did it died at that moment; workers therefore look again now and then, and
   * without `subscribe` they poll. Answers a function that ends it. Throws ClosedError after `close`.
   */
  subscribe?(onWake: (wake: Wake) => void): () => void

  /** Optional: what people who operate the store should know of its health. Looks only, and changes nothing. */
  examine?(): Promise<Finding[]>

  /**
   * Optional: calls `onChange` soon after anything changed that an inspection would show, whoever did it, with the jids
   * of the jobs that were settled to nowhere. It may call too often, and after a call that changed nothing. Of what only
   * time changes (a lease that is over) it need not tell. It calls too seldom only if the process that did it died at
   * that moment; whoever watches therefore looks again now and then, and polls without `watch`. A storage that has it
   * shows in `workers` what is performed now, and not as of the last beat. It costs next to nothing while nobody watches.
   * Answers a function that ends it. Throws ClosedError after `close`.
   */
  watch?(onChange: (finished: readonly string[]) => void): () => void

  /**
   * Gives back connections and timers. What is stored stays. Safe to call twice; other calls then reject, ClosedError.
   */
  close(): Promise<void>
}

/** What `memoryStorage()` and its siblings make: opens the storage for one app, when the app first needs it. */
export interface OpenStorage {
  (settings: StorageSettings): Storage | Promise<Storage>
  /** How instants are written into payloads. Default: seconds, which every Sidekiq reads; only 8.x reads the others. */
  readonly timestamps?: 'milliseconds'
  /** Where it keeps jobs, for people: `redis://127.0.0.1:6379/0`. Never with a password. */
  readonly place?: string | undefined
}

export interface StorageSettings {
  readonly clock: Clock
  readonly logger: Logger
  /** Two namespaces in one store never see each other. Empty by default. */
  readonly namespace: string
  /** The dead set keeps fewer than `max` jobs (Sidekiq's trimming keeps 9,999 of 10,000), none older than `forMs`. */
  readonly dead: { readonly max: number; readonly forMs: number }
}

// ─── produce ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One job on its way in. */
export interface Entry {
  readonly jid: string
  readonly queue: string
  readonly text: string
  readonly delayMs: number
  /** True when the caller chose the jid, so that pushing it again must not store it twice. */
  readonly chosen?: boolean
  /** Stored only if this lock can be had by the jid; it then holds until `forMs` after the job is due. */
  readonly unique?: { readonly key: string; readonly forMs: number }
  /** What it is to survive once it is stored. A storage that knows one way of storing passes over it. */
  readonly durability?: 'relaxed' | 'strict'
}

/** Names a push, so that it can be repeated. */
export interface PushId {
  /** Unique to the client. */
  readonly client: string
  /** Rises with each push of the client. */
  readonly number: number
}

/** An entry that was not stored: its place in the call, and the jid that holds its unique lock. */
export interface Refusal {
  readonly index: number
  readonly holder: string
}

// ─── consume ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Exchange {
  readonly worker: string
  readonly leaseMs: number
  /** A worker's requests go out in lanes, each one after the other, with rising numbers. */
  readonly lane: string
  readonly request: number
  readonly settlements: readonly Settlement[]
  readonly queues: readonly string[]
  /** How many jobs to claim at most; 0 only settles. */
  readonly limit: number
  /**
   * How many of these are only read ahead: the first `limit - ahead` that are claimed have begun, those behind them
   * count as begun once an exchange names them in `begun`.
   */
  readonly ahead: number
  readonly begun: readonly number[]
}

/** What became of a claimed job. */
export type Settlement = Settled & {
  readonly token: number
  /** How the statistics count it: 'ok' is processed, 'failed' is processed and failed. */
  readonly tally: 'ok' | 'failed' | 'none'
  /** The unique lock to free. */
  readonly unlock?: { readonly key: string; readonly owner: string }
}

export type Settled =
  /** Done, or given up without a trace: it is deleted. */
  | { readonly to: 'nowhere' }
  /** To a set, due after the delay. */
  | { readonly to: 'retry' | 'scheduled'; readonly delayMs: number; readonly text: string }
  /** To the dead set, which is trimmed in the same step. Without a text not a byte changes. */
  | { readonly to: 'dead'; readonly text?: string | undefined }
  /** Given back unfinished: to the front of its queue, as it was. */
  | { readonly to: 'queue' }

export interface Exchanged {
  readonly jobs: readonly ClaimedJob[]
  /** Tokens of settlements that came too late: another worker has recovered those jobs. */
  readonly refused: readonly number[]
}

export interface ClaimedJob {
  readonly token: number
  readonly queue: string
  readonly text: string
  /** How often it was recovered in the last 72 hours. At 2 it is performed alone, from 3 on not at all. */
  readonly recoveries: number
}

// ─── time ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Promotion {
  readonly promoted: number
  /** Milliseconds until the next one is due: 0 when more are due already, undefined when none waits. */
  readonly nextMs: number | undefined
}

// ─── presence ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** 'quiet': claim no more. 'stop': finish and go. 'dump': log what runs. */
export type Signal = 'quiet' | 'stop' | 'dump'

export interface Beat {
  readonly worker: string
  readonly leaseMs: number
  readonly about: WorkerAbout
  readonly quiet: boolean
  readonly running: readonly RunReport[]
  /** The signals that came with the last answer. */
  readonly heard: readonly Signal[]
  /** Every token that the worker knows of: running, read ahead, and finished but not settled yet. */
  readonly held: readonly number[]
  /** The last request of each lane whose answer has arrived. */
  readonly answered: Readonly<Record<string, number>>
}

/** What a worker tells about itself once. */
export interface WorkerAbout {
  readonly startedAt: number
  readonly queues: readonly string[]
  readonly concurrency: number
  readonly tag: string
  readonly labels: readonly string[]
  readonly capsules: Readonly<Record<string, { concurrency: number; order: string; weights: Record<string, number> }>>
}

export interface RunReport {
  readonly token: number
  readonly startedAt: number
  readonly progress?: Progress
}

export interface RunningJob extends Omit<RunReport, 'token'> {
  readonly queue: string
  readonly text: string
}

/** How far a running job is, as its handler told with `this.progress(done, total, note)`. */
export interface Progress {
  readonly done: number
  readonly total?: number
  readonly note?: string
}

export interface BeatAnswer {
  readonly signals: readonly Signal[]
  /**
   * For how long from now nobody will take the worker's jobs: its lease, or longer where the storage sees that it
   * lives.
   */
  readonly safeMs: number
  readonly cancelled: readonly number[]
  readonly lost: readonly number[]
  /**
   * True while this worker is given no jobs and promotes none, since the storage has others do that, and it may be its
   * turn later. A 'signal' tells when that changes, and then 'claimable', 'due' and 'recoverable'.
   */
  readonly standby?: boolean
}

export interface Recovery {
  readonly requeued: number
  /**
   * Milliseconds until another call may find something: a lease's end, or when this worker may judge; undefined:
   * nobody.
   */
  readonly nextMs: number | undefined
}

// ─── inspect and manage ──────────────────────────────────────────────────────────────────────────────────────────────

/** Where jobs wait or rest. */
export type Place = 'scheduled' | 'retry' | 'dead' | { readonly queue: string }

/**
 * A job in a place. Its `key` is the storage's own name for this place of it, until the job moves on. Rows with the
 * very same bytes may share a key, and in a set they may be one row. A row that is moved within its place may keep its
 * key. A key may be as long as the text.
 */
export interface Row {
  readonly key: string
  readonly text: string
  /** When it is due (scheduled, retry) or died (dead), in milliseconds since 1970. Undefined in a queue. */
  readonly at: number | undefined
}

export interface PageRequest {
  readonly offset: number
  readonly limit: number
  readonly reverse?: boolean
}

export interface Page {
  readonly rows: readonly Row[]
  /** How many there are in all. */
  readonly total: number
}

export interface ScanRequest {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly match?: string | undefined
  readonly jid?: string | undefined
}

export interface Scan {
  readonly rows: readonly Row[]
  readonly cursor: string | undefined
}

export interface Move {
  readonly key: string
  readonly to: { readonly queue: string } | { readonly set: 'scheduled' | 'retry'; readonly delayMs: number } | 'dead'
  readonly text?: string | undefined
}

export interface QueueState {
  readonly name: string
  readonly size: number
  /** How long the next job has waited, by its `enqueued_at`; 0 for an empty queue. */
  readonly latencyMs: number
  readonly paused: boolean
}

export interface WorkerState extends WorkerAbout {
  readonly worker: string
  readonly beatAt: number
  readonly quiet: boolean
  /** True while it waits for its turn, as its last beat told. */
  readonly standby?: boolean
  readonly running: readonly RunningJob[]
}

export interface Totals {
  /** Runs that ended, failed ones too. */
  readonly processed: number
  readonly failed: number
}

export interface StorageStats extends Totals {
  /** Jobs in all queues. */
  readonly enqueued: number
  readonly scheduled: number
  readonly retry: number
  readonly dead: number
  readonly workers: number
  /** Jobs in workers' keeping. */
  readonly running: number
  readonly days: readonly (Totals & { readonly day: string })[]
}

/** What a worker measured of one job, by name. The lengths are Sidekiq's, whose pages show them too. */
export interface JobMetrics {
  readonly job: string
  /** Runs that ended, failed ones too. */
  readonly processed: number
  readonly failed: number
  /** Of runs that did not fail, in all. */
  readonly totalMs: number
  /** How many of those took less than each bound of `src/metrics.ts`, and not less than the one before. */
  readonly durations: readonly number[]
}

export interface MinuteMetrics {
  /** When the minute began, in milliseconds since 1970. */
  readonly at: number
  readonly jobs: readonly (Omit<JobMetrics, 'durations'> & Partial<Pick<JobMetrics, 'durations'>>)[]
}

/** Something that was looked at, and whether it is as it should be. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly about: string
  /** 'bad': jobs are lost, or wait for ever, because of it. 'warning': they may be. */
  readonly verdict: 'good' | 'warning' | 'bad'
  /** How it is. */
  readonly text: string
  /** What to do about it. */
  readonly remedy?: string
}

// ─── small things ────────────────────────────────────────────────────────────────────────────────────────────────────

export interface StoredDocument {
  readonly text: string
  readonly version: number
}

/**
 * What happened: jobs to claim; a due time sooner than before; a signal or a cancellation; a lease that may end sooner
 * than any before (a new worker, or one that is gone); the network may be back.
 */
export type Wake = 'claimable' | 'due' | 'signal' | 'recoverable' | 'network'
