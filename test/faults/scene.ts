import type { Redis, RedisOptions } from 'ioredis'
import { expect, type TestContext } from 'vitest'
import { redisStorage } from '../../adapters/redis/index.ts'
import { dist } from '../../scripts/ready/dist.mjs'
import { Quayside } from '../../src/index.ts'
import { RedisServer } from '../redis/redis-server.ts'
import { eventually } from './eventually.ts'
import { judge, type Verdict } from './judge.ts'
import { Ledger, type Note } from './ledger.ts'
import type { Order, ProducerOrders, WorkerOrders } from './orders.ts'
import { unfinished } from './places.ts'
import { Program } from './program.ts'

/** What a test plays in: a Redis of its own, programs that work and enqueue, and the ledger in which they note it. */
export class Scene {
  readonly server: RedisServer
  readonly ledger: Ledger
  readonly #context: TestContext
  readonly #programs: Program[] = []
  /** Programs that may have left jobs unfinished. */
  readonly #gone = new Set<string>()

  private constructor(context: TestContext, server: RedisServer) {
    this.#context = context
    this.server = server
    this.ledger = new Ledger(server.folder)
    context.onTestFinished(() => this.#end())
  }

  /**
   * @param context of the test with which the scene ends
   * @param settings as on redis-server's command line
   */
  static async open(context: TestContext, ...settings: string[]): Promise<Scene> {
    await dist()
    return new Scene(context, await RedisServer.start(...settings))
  }

  /** A worker's process, which has started. */
  async worker(orders: Partial<WorkerOrders> = {}): Promise<Program> {
    const program = this.#program('worker', { work: {}, ...orders })
    await program.says('the worker has started')
    return program
  }

  async workers(count: number, orders: Partial<WorkerOrders> = {}): Promise<Program[]> {
    return Promise.all(Array.from({ length: count }, () => this.worker(orders)))
  }

  /** A producer's process, which has stored its first job. */
  async producer(orders: Partial<ProducerOrders> & Pick<ProducerOrders, 'mix'>): Promise<Program> {
    const program = this.#program('producer', { lanes: 1, pauseMs: 0, ...orders })
    await this.noted(({ what, who }) => what === 'stored' && who === program.name)
    return program
  }

  /** Enqueues from the test itself, and notes nothing. */
  async enqueue(...orders: Order[]): Promise<void> {
    const app = this.app()
    await app.job<[Order]>('Work', { retry: 5 }).performBulk(orders.map((order) => [order]))
    await app.close()
  }

  /** An app in the process of the test. */
  app(storage: WorkerOrders['storage'] = {}): Quayside {
    const app = new Quayside({ storage: redisStorage({ url: this.server.url, ...storage }), logger: false })
    this.#context.onTestFinished(() => app.close())
    return app
  }

  /** A plain client, to look behind the adapter. */
  redis(options: RedisOptions = {}): Redis {
    const redis = this.server.client(options)
    // It connects again by itself.
    redis.on('error', () => {})
    this.#context.onTestFinished(() => redis.disconnect())
    return redis
  }

  /** The first note that is such. */
  noted(isSuch: (note: Note) => boolean, ms?: number): Promise<Note> {
    return eventually('it is in the ledger', () => this.ledger.notes.find(isSuch), ms)
  }

  async kill(program: Program): Promise<void> {
    this.#gone.add(program.name)
    await program.kill()
  }

  /** Says that another worker may rightly take over the jobs of this one. */
  excuse(program: Program): void {
    this.#gone.add(program.name)
  }

  /** Resolves when no job waits or runs any more; the dead stay. */
  async drained(ms = 60_000): Promise<void> {
    const redis = this.redis()
    await eventually('all jobs are done', async () => (await unfinished(redis)) === 0, ms)
  }

  /** Ends all programs, as a deployment does, and looks at what has become of the jobs. */
  async judge(): Promise<Verdict> {
    const running = this.#programs.filter(({ isRunning }) => isRunning)
    await Promise.all(running.map((program) => program.stop()))
    return judge(this.ledger, this.redis(), this.#gone)
  }

  /** All that the programs printed. */
  get output(): string {
    return this.#programs.map(({ output }) => output).join('\n')
  }

  #program(file: 'worker' | 'producer', orders: object): Program {
    const name = `${file}-${this.#programs.length + 1}`
    const program = new Program(file, { name, ledger: this.ledger.file, storage: { url: this.server.url }, ...orders })
    this.#programs.push(program)
    return program
  }

  async #end(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.kill()))
    await this.server.destroy()
  }
}

/** Nothing went wrong with any job. The dead, and how many were performed again, are each test's own to judge. */
export function expectFaultless(verdict: Verdict): void {
  expect(verdict).toMatchObject({ lost: [], doubled: [], dishonest: [], unexplained: [], miscounted: 0 })
}
