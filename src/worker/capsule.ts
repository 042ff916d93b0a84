import type { JobEvent } from '../events.ts'
import { report } from '../report.ts'
import type { ClaimedJob, Exchange, Exchanged, Settlement } from '../storage.ts'
import { Bell } from './bell.ts'
import { execute, jobEvent } from './execute.ts'
import { park, parkingMs } from './parking.ts'
import { queueOrder } from './queue-order.ts'
import { type Order, ReadAhead } from './read-ahead.ts'
import { settle } from './settle.ts'
import type { Station } from './station.ts'
import { Task } from './task.ts'
import { unlockAtStart } from './unlock-at-start.ts'
import type { CapsulePlan } from './work-options.ts'

/** A job that was recovered so often is performed alone: the third time it would be to blame. */
const SUSPECT_RECOVERIES = 2

const LONGEST_PAUSE_MS = 1_000

const NOTHING: Order = { starting: [], begun: [], room: 0, ahead: 0 }

/** How long jobs that never wait for anything may keep timers and I/O waiting: heartbeats, promotions, other people. */
const LONGEST_BREATH_MS = 10

/**
 * A pool of a worker: some queues, and so many jobs at a time. Its loop hands in what is finished and takes what it has
 * room for, both in one call of the storage; what finishes during a call goes with the next.
 */
export class Capsule {
  readonly name: string
  readonly #station: Station
  readonly #queues: () => readonly string[]
  readonly #concurrency: number
  readonly #bell: Bell
  readonly #readAhead: ReadAhead
  readonly #tasks = new Map<number, Task>()
  /** Finished, and on their way to storage. */
  #settling: readonly Settlement[] = []
  /** Finished, for the next call. */
  #outbox: Settlement[] = []
  #request = 0
  #answered = 0
  /**
   * True when the queues may hold something: at first, after a wake-up, and after a claim that got all it asked for.
   */
  #isHungry = true
  #isGivingUp = false
  #breathedAt = 0
  readonly #waitingForIdle: (() => void)[] = []
  readonly #waitingForSettled: (() => void)[] = []
  #abandoned = 0
  readonly #unfinished: JobEvent[] = []
  #loop: Promise<void> | undefined

  constructor({ name, order, weights, concurrency }: CapsulePlan, station: Station) {
    const { clock } = station.context
    this.name = name
    this.#station = station
    this.#queues = queueOrder(order, weights, () => clock.random())
    this.#concurrency = concurrency
    this.#bell = new Bell(clock)
    this.#readAhead = new ReadAhead(clock, concurrency)
  }

  /** The last request whose answer has arrived. */
  get answered(): number {
    return this.#answered
  }

  get tasks(): ReadonlyMap<number, Task> {
    return this.#tasks
  }

  /** Jobs that began here and were given back. */
  get unfinished(): readonly JobEvent[] {
    return this.#unfinished
  }

  /** Runs that ignored their signal. */
  get abandoned(): number {
    return this.#abandoned
  }

  /** Tokens of all jobs that the capsule has in hand, and of those finished but not settled for certain. */
  held(): number[] {
    const settled = [...this.#settling, ...this.#outbox].map(({ token }) => token)
    return [...this.#tasks.keys(), ...this.#readAhead.tokens, ...settled]
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  /** Looks at the queues again. */
  wake(): void {
    this.#isHungry = true
    this.#bell.ring()
  }

  /** Aborts what runs, each with a reason of its own. */
  abort(reason: () => Error): void {
    this.#giveBack(this.#readAhead.clear())
    for (const task of this.#tasks.values()) task.abort(reason())
  }

  /** Aborts a job if it is here. One that only waits goes back: the storage refuses it, or discards it. */
  abortOne(token: number, reason: Error): void {
    this.#tasks.get(token)?.abort(reason)
    if (!this.#readAhead.drop(token)) return
    this.#outbox.push({ token, to: 'queue', tally: 'none' })
    this.#bell.ring()
  }

  /** Resolves when nothing runs. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#tasks.size === 0) resolve()
      else this.#waitingForIdle.push(resolve)
    })
  }

  /** Ends the loop of a quiet worker, when nothing runs and all that is finished is settled. */
  async stop(): Promise<void> {
    this.#bell.ring()
    await this.#loop
  }

  /**
   * Ends the loop without that: the storage does not answer, and will give the jobs to others when the lease is over.
   */
  giveUp(): void {
    this.#isGivingUp = true
    this.#bell.ring()
  }

  async #run(): Promise<void> {
    while (!this.#isOver()) {
      this.#giveBack(this.#isClosed ? this.#readAhead.clear() : this.#readAhead.overdue())
      const order = this.#isClosed ? NOTHING : this.#readAhead.order(this.#concurrency - this.#tasks.size)
      if (this.#isNeeded(order)) await this.#exchange(order)
      else await this.#rest()
      await this.#breathe()
    }
  }

  /** Who has waited has breathed: what woke it shall not wait for another turn. */
  async #rest(): Promise<void> {
    await this.#bell.wait(this.#readAhead.leftMs)
    this.#breathedAt = this.#station.context.clock.monotonic()
  }

  /**
   * Promises alone never let the event loop turn, and short jobs on a storage in memory are promises alone. Where the
   * storage is far, jobs that need no more than a turn are waited for: the same call settles them all.
   */
  async #breathe(): Promise<void> {
    const { clock } = this.#station.context
    const isWaitingPays = this.#readAhead.isOn && this.#tasks.size > 0
    if (!isWaitingPays && clock.monotonic() - this.#breathedAt < LONGEST_BREATH_MS) return
    await new Promise<void>((resolve) => clock.breathe(resolve))
    this.#breathedAt = clock.monotonic()
  }

  #isOver(): boolean {
    if (this.#isGivingUp) return true
    return this.#station.stopping && this.#tasks.size + this.#readAhead.size + this.#outbox.length === 0
  }

  /** Nothing more begins. */
  get #isClosed(): boolean {
    return this.#station.stopping || this.#station.gate.isClosed
  }

  #isNeeded({ starting, room, ahead }: Order): boolean {
    return this.#outbox.length + starting.length > 0 || (this.#isHungry && room + ahead > 0)
  }

  async #exchange({ starting, begun, room, ahead }: Order): Promise<void> {
    const limit = room + ahead
    this.#settling = this.#outbox
    this.#outbox = []
    // Before the call, so that a wake-up during it is not lost.
    this.#isHungry = false
    const answering = this.#insist({
      worker: this.#station.worker,
      leaseMs: this.#station.plan.leaseMs,
      lane: this.name,
      request: ++this.#request,
      settlements: this.#settling,
      queues: this.#queues(),
      limit,
      ahead,
      begun,
    })
    // Not before the storage is told: what a job does first may end this process, and must count against it.
    for (const job of starting) this.#start(job)
    const answer = await answering
    this.#settling = []
    for (const resolve of this.#waitingForSettled.splice(0)) resolve()
    if (!answer) return
    this.#answered = this.#request
    if (answer.refused.length > 0) this.#tellRefused(answer.refused.length)
    if (limit > 0 && answer.jobs.length === limit) this.#isHungry = true
    for (const [index, job] of answer.jobs.entries()) this.#accept(job, index < room)
  }

  /** Those jobs run again, or have run again: whoever reads the log shall know why. */
  #tellRefused(refused: number): void {
    const { context, worker } = this.#station
    context.logger.warn({ worker, refused }, 'jobs ended too late: another worker had recovered them')
  }

  /** The answer to a request, sent again until there is one: the same request number never does anything twice. */
  async #insist(exchange: Exchange): Promise<Exchanged | undefined> {
    const { storage, availability, context } = this.#station
    for (let pauseMs = 50; !this.#isGivingUp; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const asked = context.clock.monotonic()
      try {
        const answer = await storage.exchange(exchange)
        this.#readAhead.answered(context.clock.monotonic() - asked)
        availability.succeeded()
        return answer
      } catch (error) {
        availability.failed(error)
      }
      await new Promise<void>((resolve) => context.clock.after(pauseMs * (0.5 + context.clock.random() / 2), resolve))
    }
    return undefined
  }

  #accept(job: ClaimedJob, isBegun: boolean): void {
    const hasSlot = this.#tasks.size < this.#concurrency && this.#readAhead.size === 0
    if (isBegun && hasSlot) this.#start(job)
    else this.#readAhead.add(job, isBegun)
  }

  #start(job: ClaimedJob): void {
    const { gate, stopping, context } = this.#station
    const isSuspect = job.recoveries === SUSPECT_RECOVERIES
    // Claimed by a call that was under way when the worker became quiet or a suspect began; or a second suspect, which
    // would be counted with the first.
    if (stopping || gate.isAlone || (isSuspect && gate.isClosed)) {
      this.#giveBack([job])
      return
    }
    const task = new Task(job, context, this.#station)
    this.#tasks.set(job.token, task)
    this.#perform(task, isSuspect)
  }

  #giveBack(jobs: readonly ClaimedJob[]): void {
    for (const { token } of jobs) this.#outbox.push({ token, to: 'queue', tally: 'none' })
  }

  /** Resolves when the storage knows of all that is finished or given back. */
  async #settled(): Promise<void> {
    while (this.#outbox.length + this.#settling.length > 0) {
      this.#bell.ring()
      await new Promise<void>((resolve) => this.#waitingForSettled.push(resolve))
    }
  }

  async #perform(task: Task, alone: boolean): Promise<void> {
    const { gate, context, network, storage, measurer } = this.#station
    if (alone) await gate.enterAlone().then(() => this.#settled())
    else gate.enter()
    try {
      let settlement: Settlement | undefined
      if (network.admits(task)) {
        if (task.lock) await unlockAtStart(task, storage)
        const begunAt = context.clock.monotonic()
        const outcome = await execute(task, context)
        const durationMs = context.clock.monotonic() - begunAt
        measurer.record(task, outcome, durationMs)
        this.#readAhead.ran(durationMs)
        network.ended(task, outcome)
        settlement = outcome.kind === 'parked' ? await this.#park(task) : await settle(outcome, task, context)
      } else settlement = await this.#park(task)
      if (settlement) this.#outbox.push(settlement)
      if (settlement?.to === 'queue') this.#unfinished.push(jobEvent(task))
    } catch (error) {
      // Not the handler's: what it throws is an outcome. The storage gives the job back at the next heartbeat.
      report(context, error, `the worker failed to perform ${task.payload.class}`)
    }
    this.#end(task)
    if (alone) gate.leaveAlone()
    else gate.leave()
  }

  /** Its network is away, as it has found itself or others have before it began. */
  #park(task: Task): Promise<Settlement> {
    const { context, storage, network } = this.#station
    return park(task, storage, parkingMs(network.parkedAt(), context.clock.now()))
  }

  #end(task: Task): void {
    if (task.isAbandoned) this.#abandoned++
    this.#tasks.delete(task.job.token)
    const next = this.#isClosed ? undefined : this.#readAhead.next()
    if (next) this.#start(next)
    this.#bell.ring()
    if (this.#tasks.size === 0) for (const resolve of this.#waitingForIdle.splice(0)) resolve()
  }
}
