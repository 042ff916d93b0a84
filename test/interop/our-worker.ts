// A worker of ours in a process of its own, which tests may kill. Its job never ends by itself.

import { redisStorage } from '../../adapters/redis/index.ts'
import { Quayside } from '../../src/index.ts'

const app = new Quayside({ storage: redisStorage({ sidekiq: '6.4' }), logger: false })
app.job('Endless', {
  queue: 'ours',
  async perform() {
    await new Promise((_, reject) => this.signal.addEventListener('abort', () => reject(this.signal.reason)))
  },
})
const worker = app.work({ queues: ['ours'], name: 'endless', heartbeat: '200ms', lease: '1s', timeout: '0s' })

process.once('SIGTERM', async () => {
  await app.close()
  process.exit(0)
})
console.log(worker.id)
