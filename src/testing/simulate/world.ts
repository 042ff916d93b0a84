import { toError } from '../../errors.ts'
import type { Settlement } from '../../storage.ts'
import type { WorkOptions } from '../../worker/work-options.ts'
import { Agenda } from './agenda.ts'
import { Chronicle, short } from './chronicle.ts'
import type { Here, Scenario } from './here.ts'
import { isCalm, type Plan } from './plan.ts'
import { Process } from './process.ts'
import { Quickness } from './quickness.ts'
import { Random } from './random.ts'
import { Runs } from './runs.ts'
import { Server } from './server.ts'
import { trouble } from './trouble.ts'
import { rest } from './turn.ts'
import { Violation } from './violation.ts'
import { Wire } from './wire.ts'

/** Longer than anything is under way once all is closed. */
const LAST_TIMERS_MS = 600_000

const RESUME_EVERY_MS = 10_000

export interface WorldOptions<Jobs> {
  readonly seed: number
  readonly plan: Plan
  readonly scenario: Scenario<Jobs>
  readonly work: WorkOptions
  /** How long after the healing the last job may still be there. */
  readonly patienceMs: number
  readonly isTold: boolean
  /** Looks at how a worker ends a job, and throws where it may not. */
  readonly checkEnd: ((settlement: Settlement, text: string) => void) | undefined
}

/** Some processes, a store, the wire between them, and a time in which nothing happens by chance. */
export class World<Jobs> {
  readonly seed: number
  readonly plan: Plan
  readonly work: WorkOptions
  readonly agenda: Agenda
  readonly chronicle: Chronicle
  readonly server: Server
  readonly wire: Wire
  readonly runs: Runs
  readonly processes: readonly Process<Jobs>[]
  readonly #patienceMs: number
  readonly #quickness: Quickness | undefined
  readonly #promised = new Set<string>()
  #cancelPatience: (() => void) | undefined
  isHealed = false
  isOver = false
  steps = 0
  /** How long it took until all was done and closed. */
  lastedMs = 0
  failure: Error | undefined

  constructor({ seed, plan, scenario, work, patienceMs, isTold, checkEnd }: WorldOptions<Jobs>) {
    this.seed = seed
    this.plan = plan
    this.work = work
    this.#patienceMs = patienceMs
    this.agenda = new Agenda(new Random(seed, 'order'))
    this.chronicle = new Chronicle(() => this.agenda.now, isTold)
    this.server = new Server(this.agenda, this.chronicle, plan.faults, seed)
    this.wire = new Wire(this.agenda, this.server, new Random(seed, 'wire'), plan)
    this.runs = new Runs(isCalm(plan.faults), (violation) => this.fail(violation))
    const named = (kind: string, count: number) =>
      Array.from(
        { length: count },
        (_, index) => new Process(`${kind}-${index + 1}`, kind === 'worker', this, scenario),
      )
    this.processes = [...named('client', plan.clients), ...named('worker', plan.workers)]
    this.server.books.onEnd = checkEnd
    // A user's workers may serve some queues only, and then there is room that means nothing.
    const isQuick = checkEnd && !work.capsules && plan.canWake && plan.faults.unwoken === 0 && isCalm(plan.faults)
    this.#quickness = isQuick ? new Quickness(plan.latencyMs) : undefined
    if (plan.isHeard) this.#listen()
  }

  #listen(): void {
    const { books } = this.server
    books.onDone = (jid) => this.runs.settled(jid)
    // A store that forgets may have forgotten what the worker told it.
    const forgets = this.plan.faults.restartEveryMs > 0
    if (!forgets) books.onGivenBack = (jid, process) => this.runs.givenBack(jid, process)
  }

  get promised(): number {
    return this.#promised.size
  }

  /** The first thing that went wrong is what counts. */
  fail(thrown: unknown): void {
    this.failure ??= toError(thrown)
  }

  /** Somebody was told that this job is stored. */
  acknowledged(jid: string, name: string): void {
    if (this.#promised.has(jid)) return
    this.#promised.add(jid)
    this.chronicle.tell(name, `is told that ${short(jid)} is stored`)
    this.#checkPromise(jid)
  }

  /** From the first step to the last; ends early at the first violation. */
  async run(): Promise<void> {
    try {
      await this.server.open()
      await this.#live()
      if (!this.failure) await this.#close()
      for (const jid of this.#promised) this.#checkPromise(jid)
    } catch (thrown) {
      this.fail(thrown)
    }
    this.isOver = true
  }

  async #live(): Promise<void> {
    for (const process of this.processes) process.start()
    trouble(this)
    this.agenda.add(this.plan.activeMs, () => this.#heal())
    await this.#until(() => this.isHealed && !this.processes.some(({ isDriving }) => isDriving) && !this.#isBusy())
  }

  #heal(): void {
    this.isHealed = true
    this.chronicle.tell('world', 'all faults are off')
    this.wire.heal()
    this.server.heal()
    for (const process of this.processes) {
      process.thaw()
      process.start()
    }
    this.#cancelPatience = this.agenda.add(this.#patienceMs, () => this.#checkLiveness())
    this.#resume()
  }

  /** Whoever paused a queue may have died since; and the call itself may still be on its way. */
  #resume(): void {
    this.agenda.add(RESUME_EVERY_MS, () => {
      if (this.isOver) return
      this.processes[0]?.run(resumeAll).catch((error) => this.fail(error))
      this.#resume()
    })
  }

  #checkLiveness(): void {
    const live = this.server.books.live()
    if (this.isOver || live.length === 0) return
    const where = live.slice(0, 5).map((jid) => `${short(jid)} is in ${this.server.books.whereIs(jid)}`)
    this.fail(
      new Violation(
        `${live.length} jobs are still not done ${this.#patienceMs} ms after all faults: ${where}`,
        ...live,
      ),
    )
  }

  #isBusy(): boolean {
    const { census, claims } = this.server.books
    return claims.size > 0 || [...census.byPlace].some(([place, { length }]) => place !== 'dead' && length > 0)
  }

  /** All stop in good order, and nothing must be left running. */
  async #close(): Promise<void> {
    this.isOver = true
    this.#cancelPatience?.()
    let isClosed = false
    const verified = this.#inFirst((process) => process.verify())
    await this.#until(() => verified.isOver)
    Promise.all(this.processes.map((process) => process.close())).then(
      () => {
        isClosed = true
      },
      (error) => this.fail(error),
    )
    await this.#until(() => isClosed)
    this.lastedMs = this.agenda.now
    const end = this.agenda.now + LAST_TIMERS_MS
    await this.#until(() => this.agenda.now > end)
    const left = this.processes.filter(({ waiting }) => waiting > 0).map(({ name }) => name)
    if (left.length > 0) this.fail(new Violation(`timers go on after the end, in ${left}`))
  }

  #inFirst(task: (process: Process<Jobs>) => Promise<void>): { isOver: boolean } {
    const state = { isOver: false }
    this.agenda.add(0, () => {
      const [first] = this.processes
      Promise.resolve(first && task(first)).then(
        () => {
          state.isOver = true
        },
        (error) => this.fail(error),
      )
    })
    return state
  }

  #look(quickness: Quickness): void {
    const { census, paused, tokens } = this.server.books
    const isOpen = ([place, { length }]: readonly [string, readonly unknown[]]) =>
      length > 0 && place.startsWith('queue ') && !paused.has(place.slice('queue '.length))
    const waiting = [...census.byPlace].find(isOpen)
    const hasRoom = waiting !== undefined && this.processes.some((process) => process.hasRoom)
    quickness.look(this.agenda.now, waiting?.[1][0]?.jid, hasRoom, tokens.size)
  }

  #checkPromise(jid: string): void {
    const { books } = this.server
    if (books.forgotten.has(jid) && this.plan.faults.answersEarly) return
    if (books.whereIs(jid) !== undefined) return
    this.fail(new Violation('somebody was told that the job is stored, and it is nowhere', jid))
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!this.failure && !isReached()) {
      const happen = this.agenda.next()
      if (!happen) return
      this.steps++
      const happened = happen()
      if (happened === undefined || happened === true) await rest()
      else if (happened) await happened
      if (this.#quickness) this.#look(this.#quickness)
    }
  }
}

async function resumeAll({ app }: Here): Promise<void> {
  for (const { name, paused } of await app.queues()) if (paused) await app.queue(name).resume()
}
