import { expect, test } from 'vitest'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'

const sides = BothSides.forThisFile()

/** Midnight may pass between what happens and what is asked. */
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b)

test("what we count, Ruby's statistics and history show", async () => {
  const app = sides.app()
  const job = sides.job(app, 'Mixed', {
    queue: 'ours',
    retryIn: () => '1h',
    perform: (fails) => {
      if (fails) throw new Error('counted')
    },
  })
  await job.performBulk([[false], [true], [false]])
  await job.performIn('1h', false)
  await job.set({ queue: 'idle' }).performAsync(false)
  const worker = app.work({ queues: ['ours'] })
  await until('all is performed', async () => (await app.stats()).processed === 3)
  await worker.stop()
  const sizes = { scheduled_size: 1, retry_size: 1, dead_size: 0, enqueued: 1, processes_size: 0, workers_size: 0 }
  expect(await sides.ruby.stats()).toEqual({ processed: 3, failed: 1, ...sizes })
  const { processed, failed } = await sides.ruby.history(2)
  expect([sum(processed), sum(failed)]).toEqual([3, 1])
})

test('what Ruby counts, ours show; and the sums are of both', async () => {
  const app = sides.app()
  const ours = sides.job(app, 'Echo', { queue: 'ours', perform: () => {} })
  await ours.performBulk([[1], [2], [3]])
  const worker = app.work({ queues: ['ours'] })
  await until('ours are performed', async () => (await app.stats()).processed === 3)
  await worker.stop()

  const ruby = await sides.rubyWorker({ queues: ['ruby'], poller: false })
  await sides.ruby.performBulk('Echo', '[[1],[2]]')
  await sides.ruby.performAsync('Broken', '["counted"]')
  await sides.performed()
  await sides.performed()
  await until('Ruby failed', async () => (await sides.ruby.size('retry')) === 1)
  await ruby.kill('SIGTERM') // it counts what it did when it ends
  const { days, ...stats } = await app.stats({ days: 2 })
  expect(stats).toMatchObject({ processed: 6, failed: 1, retry: 1 })
  expect(days.reduce((total, day) => total + day.processed, 0)).toBe(6)
  expect(await sides.ruby.stats()).toMatchObject({ processed: 6, failed: 1 })
})

test("how long a queue's next job has waited", async () => {
  const app = sides.app()
  const ago = Date.now() / 1000 - 100
  await sides.redis.sadd('queues', 'idle')
  await sides.redis.lpush('queue:idle', `{"class":"Echo","args":[],"jid":"a","enqueued_at":${ago}}`)
  await sides.job(app, 'Echo', { queue: 'idle' }).performAsync()
  expect(await sides.ruby.latency('idle')).toBeCloseTo(100, -1)
  expect((await app.queues())[0]?.latencyMs).toBeCloseTo(100_000, -4)
})
