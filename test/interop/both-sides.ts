import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, onTestFinished, vi } from 'vitest'
import { type RedisStorageOptions, redisStorage } from '../../adapters/redis/index.ts'
import { type AppOptions, type Job, type JobSpec, type Json, Quayside, type Run } from '../../src/index.ts'
import { RedisServer } from '../redis/redis-server.ts'
import { until } from '../redis/until.ts'
import { Ruby } from './ruby.ts'
import type { RubyProcess } from './ruby-process.ts'
import { type RubyWorkerOptions, startRubyWorker } from './ruby-worker.ts'

/** What Ruby performed, as Ruby printed it. */
export interface Performed {
  readonly class: string
  readonly jid: string
  readonly args: string
}

/** One Redis with Ruby on one side and us on the other: for a file of tests, emptied before each. */
export class BothSides {
  server!: RedisServer
  ruby!: Ruby
  /** A plain client, which looks at what lies in Redis. */
  redis!: Redis
  readonly #rubyWorkers: RubyProcess[] = []

  /** Starts it all before the tests of a file, and ends it after them. */
  static forThisFile(): BothSides {
    // Ruby takes a second to start, and more on a busy machine.
    vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 })
    const sides = new BothSides()
    beforeAll(() => sides.#start())
    beforeEach(() => sides.#empty())
    afterAll(() => sides.#end())
    return sides
  }

  /** An app of ours with Ruby 6.4.1 in mind. Closed after the test. */
  app(storage: RedisStorageOptions = {}, options: Partial<Omit<AppOptions, 'storage'>> = {}): Quayside {
    const open = redisStorage({ url: this.server.url, sidekiq: '6.4', ...storage })
    const app = new Quayside({ storage: open, logger: false, ...options })
    onTestFinished(() => app.close())
    return app
  }

  /** Defines a job that takes anything. */
  job(app: Quayside, name: string, spec: JobSpec<Json[]> & ThisType<Run> = {}): Job<Json[]> {
    return app.job<never[]>(name, spec as never) as never
  }

  /** Starts a Ruby worker; resolves when it works. It ends with the file. */
  async rubyWorker(options: RubyWorkerOptions): Promise<RubyProcess> {
    const worker = startRubyWorker(this.server.url, options)
    this.#rubyWorkers.push(worker)
    let end: string | undefined
    worker.ended((how) => {
      end = how
    })
    await until('Ruby works', async () => {
      if (end) throw new Error(`Ruby's worker does not work: ${end}\n${worker.log}`)
      return (await this.redis.smembers('processes')).some((id) => id.includes(`:${worker.pid}:`))
    })
    return worker
  }

  /** What Ruby performs next. */
  async performed(): Promise<Performed> {
    const found = await this.redis.blpop('ruby:performed', 8)
    if (!found) throw new Error(`Ruby performed nothing:\n${this.#rubyWorkers.map(({ log }) => log).join('\n')}`)
    return JSON.parse(found[1])
  }

  async #start(): Promise<void> {
    this.server = await RedisServer.start()
    this.redis = this.server.client()
    this.ruby = new Ruby(this.server.url)
  }

  /** A Ruby worker that goes on registers itself again with its next beat. */
  async #empty(): Promise<void> {
    await this.redis.flushall()
  }

  async #end(): Promise<void> {
    await Promise.all(this.#rubyWorkers.map((worker) => worker.kill()))
    await this.ruby?.end()
    this.redis?.disconnect()
    await this.server?.destroy()
  }
}
