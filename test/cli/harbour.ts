import { join } from 'node:path'
import { Quayside } from 'quayside'
import { redisStorage } from 'quayside/redis'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { dist } from '../../scripts/ready/dist.mjs'
import { root } from '../../scripts/ready/program.mjs'
import { RedisServer } from '../redis/redis-server.ts'
import { type Place, QuaysideProcess } from './quayside.ts'

export const JOBS: string = join(root, 'test/cli/programs/jobs.mjs')

/** A Redis of a test file's own, an app that looks into it, and workers on it that end with each test. */
export class Harbour {
  server!: RedisServer
  app!: Quayside
  #workers: QuaysideProcess[] = []

  constructor() {
    beforeAll(async () => {
      await dist()
      this.server = await RedisServer.start()
      this.app = new Quayside({ storage: redisStorage(this.server.url), logger: false })
    })
    afterEach(async () => {
      await Promise.all(this.#workers.splice(0).map((worker) => worker.kill()))
      await this.app.clear()
    })
    afterAll(async () => {
      await this.app.close()
      await this.server.destroy()
    })
  }

  /** Starts a worker, and waits until it works. */
  async work(...args: string[]): Promise<QuaysideProcess> {
    const worker = this.start(['work', '-r', JOBS, ...args])
    await worker.says('works, pid')
    return worker
  }

  /** Starts a command that goes on. */
  start(args: readonly string[], { cwd, env }: Place = {}): QuaysideProcess {
    const worker = new QuaysideProcess(args, { ...(cwd && { cwd }), env: { REDIS_URL: this.server.url, ...env } })
    this.#workers.push(worker)
    return worker
  }

  /** Enqueues jobs with the arguments 1, 2, 3 and so on. */
  async push(job: string, count: number = 1): Promise<void> {
    for (let number = 1; number <= count; number++) await this.app.client.push({ class: job, args: [number] })
  }
}
