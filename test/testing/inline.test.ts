import { expect, test } from 'vitest'
import { advance, type InlineOptions, inline, jobs } from '../../src/testing/index.ts'
import { failing, harbour } from './harbour.ts'

function inlined(options?: InlineOptions) {
  const { app, reached } = harbour()
  inline(app, options)
  return { app, reached }
}

test('performs at enqueue, through JSON and all middleware, before the caller goes on', async () => {
  const { app, reached } = inlined()
  const seen: unknown[] = []
  app.use(async (push, next) => {
    push.payload.args.push('added')
    await next()
  })
  app.useWorker(async (_run, next) => {
    seen.push('in')
    await next()
    seen.push('out')
  })
  app.on('job:enqueued', () => seen.push('enqueued'))
  const job = app.job('Note', { perform: async (...args: string[]) => void seen.push(args) })
  const jid = await job.performAsync('a')
  expect(jid).toMatch(/^[0-9a-f]{24}$/)
  expect(seen).toEqual(['enqueued', 'in', ['a', 'added'], 'out'])
  expect([jobs(app), reached]).toEqual([[], []])
})

test('an error reaches the caller, and the job is settled as in production', async () => {
  const { app } = inlined()
  const told: string[] = []
  app.onError(({ message }) => told.push(message))
  const job = app.job('Flaky', { perform: failing(1) })
  await expect(job.performAsync()).rejects.toThrow('not yet')
  expect([told, await app.retries.size()]).toEqual([['not yet'], 1])
  expect(await advance(app, '1m')).toBe(1)
  expect(jobs(app)).toEqual([])
})

test('performs jobs that jobs enqueue; the error of the inner one passes through', async () => {
  const { app } = inlined()
  const inner = app.job('Inner', { retry: false, perform: failing(1) })
  const outer = app.job('Outer', { retry: false, perform: async () => void (await inner.performAsync()) })
  await expect(outer.performAsync()).rejects.toThrow('not yet')
  await outer.performAsync()
  expect((await app.stats()).processed).toBe(4)
})

test('performs many one after the other, and those of other queues', async () => {
  const { app } = inlined()
  const ran: number[] = []
  const job = app.job('Note', {
    async perform(n: number) {
      await new Promise((resolve) => setTimeout(resolve, 3 - n))
      ran.push(n)
    },
  })
  await job.performBulk([[1], [2], [3]])
  await app.client.push({ class: 'Note', args: [0], queue: 'elsewhere' })
  expect(ran).toEqual([1, 2, 3, 0])
})

test('performs scheduled jobs now', async () => {
  const { app } = inlined()
  const ran: number[] = []
  const job = app.job('Note', { perform: (n: number) => void ran.push(n) })
  await job.performIn('3w', 1)
  await job.performAt(new Date(Date.now() + 1e9), 2)
  expect([ran, jobs(app)]).toEqual([[1, 2], []])
})

test('or keeps them until their time comes', async () => {
  const { app } = inlined({ scheduled: 'kept' })
  const ran: number[] = []
  const job = app.job('Note', { perform: (n: number) => void ran.push(n) })
  await job.performIn('3w', 1)
  await job.performAsync(2)
  expect([ran, jobs(app).length]).toEqual([[2], 1])
  await advance(app, '3w')
  expect(ran).toEqual([2, 1])
})

test('a unique job holds its lock while it runs', async () => {
  const { app } = inlined()
  const answers: unknown[] = []
  const job = app.job('Once', {
    unique: { for: '1h' },
    async perform() {
      answers.push(await job.performAsync())
    },
  })
  await job.performAsync()
  await job.performAsync()
  expect(answers).toEqual([null, null])
})

test('holds for a block, with options or without', async () => {
  const { app } = harbour()
  const job = app.job('Note', { perform: () => {} })
  await inline(app, { scheduled: 'kept' }, async () => {
    await job.performIn('1h')
    expect(jobs(job)).toHaveLength(1)
  })
  await inline(app, async () => {
    await job.performIn('1h')
    expect(jobs(job)).toEqual([])
  })
})
