import { afterAll, beforeAll, beforeEach } from 'vitest'
import { redisStorage } from '../../adapters/redis/index.ts'
import { dist } from '../../scripts/ready/dist.mjs'
import { Quayside } from '../../src/index.ts'
import { RedisServer } from '../redis/redis-server.ts'
import { type Place, type QuaysideProcess, quayside } from './quayside.ts'

/** A Redis for the commands of a test file, empty before each test, and an app of the test's own on it. */
export class Ground {
  server!: RedisServer
  app!: Quayside

  constructor() {
    beforeAll(async () => {
      await dist()
      this.server = await RedisServer.start()
      this.app = new Quayside({ storage: redisStorage(this.server.url), logger: false })
    })
    beforeEach(() => this.app.clear())
    afterAll(async () => {
      await this.app.close()
      await this.server.destroy()
    })
  }

  get env(): Record<string, string> {
    return { REDIS_URL: this.server.url }
  }

  /** Runs `quayside` on this Redis. */
  run(...args: string[]): Promise<QuaysideProcess> {
    return quayside(args, this.place)
  }

  /** What a command answers with `--json`. */
  async json(...args: string[]): Promise<unknown> {
    const { exit, stdout, stderr } = await this.run(...args, '--json')
    if (stdout === '') throw new Error(`quayside ${args.join(' ')} ended with ${exit}:\n${stderr}`)
    return JSON.parse(stdout)
  }

  get place(): Place {
    return { env: this.env }
  }
}
