import { expect, test } from 'vitest'
import type { Job, Json } from '../../src/index.ts'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()

/** Lets a worker of Ruby's and one of ours perform what is pushed to one queue, and stops both: each job ran once. */
async function performTogether(push: (count: Job<Json[]>) => Promise<(string | null)[]>): Promise<void> {
  const ruby = await sides.rubyWorker({ queues: ['ruby'], concurrency: 4 })
  const app = sides.app()
  const count = sides.job(app, 'Count', {
    queue: 'ruby',
    perform() {
      return sides.redis.pipeline().hincrby('ledger', this.jid, 1).incr('ledger:ours').exec()
    },
  })
  const worker = app.work({ queues: ['ruby'], concurrency: 4 })
  const jids = await push(count)
  await until('all are performed', async () => (await sides.redis.hlen('ledger')) === jids.length, 15_000)
  await Promise.all([worker.stop(), ruby.kill('SIGTERM')])

  expect(await sides.redis.hgetall('ledger')).toEqual(Object.fromEntries(jids.map((jid) => [jid, '1'])))
  const [byRuby = 0, byUs = 0] = (await sides.redis.mget('ledger:ruby', 'ledger:ours')).map(Number)
  expect(byRuby).toBeGreaterThan(0)
  expect(byUs).toBeGreaterThan(0)
  expect(byRuby + byUs).toBe(jids.length)
  const nothing = { failed: 0, enqueued: 0, scheduled_size: 0, retry_size: 0, dead_size: 0, processes_size: 0 }
  expect(await sides.ruby.stats()).toMatchObject({ processed: jids.length, ...nothing })
  expect(await app.stats()).toMatchObject({ processed: jids.length, running: 0, workers: 0 })
}

const numbers = (count: number): number[][] => Array.from({ length: count }, (_, n) => [n])

test("Ruby's workers and ours on one queue perform each job once, whoever pushed it", async () => {
  await performTogether(async (count) => {
    const pushed = await Promise.all([
      count.performBulk(numbers(500)),
      sides.ruby.performBulk('Count', JSON.stringify(numbers(500))),
      Promise.all(numbers(500).map((args) => count.performAsync(...args))),
      Promise.all(numbers(500).map((args) => sides.ruby.performAsync('Count', JSON.stringify(args)))),
    ])
    return pushed.flat()
  })
})

test("Ruby's pollers and ours take each scheduled job once, whoever scheduled it", async () => {
  await performTogether(async (count) => {
    const pushed = await Promise.all([
      count.set({ wait: '200ms' }).performBulk(numbers(300)),
      Promise.all(numbers(100).map((args) => sides.ruby.performIn('Count', 0.2, JSON.stringify(args)))),
    ])
    return pushed.flat()
  })
})
