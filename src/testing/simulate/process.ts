import { type Duration, toMs } from '../../duration.ts'
import { hasCode } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import { Quayside } from '../../quayside.ts'
import type { Worker } from '../../worker/worker.ts'
import type { Here, Scenario } from './here.ts'
import { Life } from './life.ts'
import { Overtime } from './overtime.ts'
import { Random } from './random.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

/** By how much a stop may take longer than its timeout: three waits of five seconds, and the rest. */
const STOP_SLACK_MS = 16_000

/** A program on some machine: a worker, or a client. It crashes, freezes, stops and starts again. */
export class Process<Jobs> {
  readonly name: string
  readonly #world: World<Jobs>
  readonly #scenario: Scenario<Jobs>
  readonly #isWorker: boolean
  readonly #random: Random
  readonly #lives: Life[] = []
  #life: Life | undefined
  #app: Quayside | undefined
  #worker: Worker | undefined
  #here: Here | undefined
  #jobs: Jobs | undefined
  #isDriving = false
  #isOffline = false
  /** Grows whenever this process could not do what it should in time. */
  #troubles = 0

  constructor(name: string, isWorker: boolean, world: World<Jobs>, scenario: Scenario<Jobs>) {
    this.name = name
    this.#isWorker = isWorker
    this.#world = world
    this.#scenario = scenario
    this.#random = new Random(world.seed, name)
  }

  /** True while a client has something to do. */
  get isDriving(): boolean {
    return this.#isDriving
  }

  /** True when its worker could take another job. */
  get hasRoom(): boolean {
    const { claiming = false, running = 0 } = this.#worker?.health() ?? {}
    return claiming && running < this.#world.plan.concurrency
  }

  /** Timers that its lives have left behind. */
  get waiting(): number {
    return this.#lives.reduce((sum, life) => sum + (life.isDead ? 0 : life.waiting), 0)
  }

  start(): void {
    if (this.#life || this.#world.isOver) return
    const { skewMs, drift } = this.#world.plan.faults
    const wrong = { skewMs: this.#random.between(-skewMs, skewMs), rate: 1 + this.#random.between(-drift, drift) }
    const life = new Life(this.name, this.#world.agenda, this.#random, wrong)
    this.#life = life
    this.#lives.push(life)
    this.#isDriving = !this.#isWorker
    this.#tell('starts')
    life.later(0, () => this.#begin(life))
  }

  crash(): void {
    if (!this.#life) return
    this.#tell('crashes')
    this.#troubles++
    this.#life.end()
    this.#life = undefined
    this.#isDriving = false
    this.#world.runs.ended(this.name)
    this.#startAgain()
  }

  freeze(forMs: number): void {
    const life = this.#life
    if (!life || life.isFrozen) return
    this.#tell(`freezes for ${Math.round(forMs)} ms`)
    this.#troubles++
    life.freeze()
    this.#world.agenda.add(forMs, () => this.thaw(life))
  }

  thaw(life: Life | undefined = this.#life): void {
    if (!life?.isFrozen) return
    life.thaw()
    this.#tell('goes on')
  }

  goOffline(forMs: number): void {
    if (this.#isOffline) return
    this.#isOffline = true
    this.#tell(`has no network for ${Math.round(forMs)} ms`)
    this.#world.agenda.add(forMs, () => {
      this.#isOffline = false
    })
  }

  setClock(byMs: number): void {
    this.#life?.setClock(byMs)
    this.#tell(`has its clock set by ${Math.round(byMs)} ms`)
  }

  /** Stops its worker in good order, and starts a new life a little later. */
  restart(): void {
    const life = this.#life
    const app = this.#app
    const worker = this.#worker
    if (!life || life.isFrozen || !app || !worker) return
    this.#tell('stops')
    life.later(0, () => {
      this.#stop(worker)
        .then(() => app.close())
        .then(() => this.#leave(life))
    })
  }

  /** Closes the app for good. */
  close(): Promise<unknown> {
    const life = this.#life
    if (!life) return Promise.resolve()
    return new Promise((resolve, reject) => {
      life.later(0, () => {
        const app = this.#app
        const stopped = this.#worker ? this.#stop(this.#worker) : Promise.resolve()
        stopped.then(() => app?.close()).then(resolve, reject)
      })
    })
  }

  async verify(): Promise<void> {
    if (this.#here && this.#scenario.verify) await this.#scenario.verify(this.#here, this.#jobs as Jobs)
  }

  /** In this process, now. */
  async run(task: (here: Here) => unknown): Promise<void> {
    if (this.#here) await task(this.#here)
  }

  #begin(life: Life): void {
    if (this.#world.isOver) return
    const { plan, wire } = this.#world
    const app = new Quayside({ storage: () => wire.connect(life), logger: this.#logger(life), clock: life.clock })
    const here = this.#hereOf(life, app)
    this.#app = app
    this.#here = here
    const overtime = plan.isWatched && this.#isWorker ? this.#watch(life, app) : undefined
    if (plan.isHeard) this.#listen(life, app, overtime)
    this.#jobs = this.#scenario.define(here)
    if (this.#isWorker) this.#work(app)
    else this.#drive(life, here, this.#jobs)
  }

  #work(app: Quayside): void {
    const { plan, work } = this.#world
    const ms = (milliseconds: number) => ({ milliseconds })
    this.#worker = app.work({
      name: this.name,
      concurrency: plan.concurrency,
      heartbeat: ms(plan.heartbeatMs),
      lease: ms(plan.leaseMs),
      timeout: ms(plan.stopTimeoutMs),
      ...work,
    })
  }

  #drive(life: Life, here: Here, jobs: Jobs): void {
    const over = (error?: unknown) => {
      if (life.isDead) return
      this.#isDriving = false
      if (error !== undefined && !hasCode(error, 'ERR_STORAGE_UNAVAILABLE')) this.#world.fail(error)
    }
    Promise.resolve()
      .then(() => this.#scenario.drive(here, jobs))
      .then(() => over(), over)
  }

  async #stop(worker: Worker): Promise<void> {
    const { agenda, plan } = this.#world
    const troubles = this.#troubles
    // Its clock may be slower than true time.
    const patienceMs = (plan.stopTimeoutMs + STOP_SLACK_MS) * (1 + 2 * plan.faults.drift)
    let isStopped = false
    agenda.add(patienceMs, () => {
      if (isStopped || troubles !== this.#troubles) return
      this.#world.fail(new Violation(`${this.name} does not stop: ${patienceMs} ms later it still has not`))
    })
    await worker.stop()
    isStopped = true
  }

  #leave(life: Life): void {
    if (this.#life !== life) return
    this.#tell('has stopped')
    // Runs that ignored their signal go on until the program ends.
    life.end()
    this.#life = undefined
    this.#world.runs.ended(this.name)
    this.#startAgain()
  }

  #startAgain(): void {
    this.#app = undefined
    this.#worker = undefined
    this.#here = undefined
    const { agenda } = this.#world
    if (!this.#world.isOver) agenda.add(this.#random.about(3_000), () => this.start())
  }

  #hereOf(life: Life, app: Quayside): Here {
    const world = this.#world
    const random = new Random(world.seed, `${this.name} ${this.#lives.length}`)
    const isOffline = () => this.#isOffline && !world.isHealed
    return {
      name: this.name,
      app,
      clock: life.clock,
      get isHealed() {
        return world.isHealed
      },
      get isOffline() {
        return isOffline()
      },
      random: () => random.next(),
      sleep: (time) => new Promise((resolve) => life.clock.after(toMs(time, 'sleep()'), resolve)),
      crash: () => {
        if (this.#life === life) this.crash()
        return new Promise<never>(() => {})
      },
      freeze: (time: Duration) => {
        if (this.#life === life) this.freeze(toMs(time, 'freeze()'))
      },
      acknowledged: (jid) => {
        if (jid !== null && !life.isDead) world.acknowledged(jid, this.name)
      },
    }
  }

  #watch({ clock }: Life, app: Quayside): Overtime {
    const overtime = new Overtime({
      clock,
      abandoned: () => this.#worker?.health().abandoned ?? 0,
      troubles: () => this.#troubles,
      fail: (violation) => this.#world.fail(violation),
    })
    app.useWorker(overtime.middleware)
    return overtime
  }

  #listen(life: Life, app: Quayside, overtime: Overtime | undefined): void {
    const { runs } = this.#world
    const unless = (event: { jid: string }, tell: (jid: string) => void) => life.isDead || tell(event.jid)
    app.on('job:enqueued', (event) => unless(event, (jid) => this.#world.acknowledged(jid, this.name)))
    app.on('job:started', (event) => unless(event, (jid) => runs.started(jid, this.name)))
    app.on('job:completed', (event) => unless(event, (jid) => runs.completed(jid, this.name)))
    app.on('job:completed', (event) => unless(event, () => overtime?.completed(event)))
  }

  /** What the engine itself calls an error, and is not the storage being away, is one. */
  #logger(life: Life): Logger {
    const tell = (fields: object, message: string) => {
      if (life.isDead) return
      const { error, reason = error } = fields as { error?: unknown; reason?: unknown }
      this.#tell(`logs: ${message}${reason === undefined ? '' : ` (${String(reason)})`}`)
      const isOurs = message.startsWith('a call of the storage failed') || message.startsWith('the worker failed')
      if (isOurs && !hasCode(error, 'ERR_STORAGE_UNAVAILABLE')) this.#world.fail(new Violation(`${message}: ${error}`))
    }
    return { debug: () => {}, info: () => {}, warn: tell, error: tell }
  }

  #tell(what: string): void {
    this.#world.chronicle.tell(this.name, what)
  }
}
