import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { contextOf } from '../../src/context.ts'
import type { Counts } from '../../src/index.ts'
import { later, pier } from './support/pier.ts'
import { MINUTE, rest, SECOND, until } from './support/time.ts'
import { LOOK, watchCounts, watchJob, watchQueue } from './support/watching.ts'

describe('counts', () => {
  test('come soon, and again when they changed', async () => {
    const here = pier()
    const { job, pass } = here
    const { told } = await watchCounts(here)
    const none = { enqueued: 0, scheduled: 0, retry: 0, dead: 0, running: 0, workers: 0, processed: 0, failed: 0 }
    expect(told).toEqual([{ ...none, queues: [] }])
    await job('A').performAsync()
    await job('A').performIn('1h')
    await pass(LOOK)
    const queues = [{ name: 'default', size: 1, paused: false }]
    expect(told.slice(1)).toEqual([{ ...none, enqueued: 1, scheduled: 1, queues }])
  })

  test('are not told again when nothing changed', async () => {
    const here = pier()
    const { job, pass, inner } = here
    await job('A').performAsync()
    const { told } = await watchCounts(here)
    await (await inner()).lock('key', 'owner', SECOND)
    await pass(MINUTE)
    expect(told).toHaveLength(1)
  })

  test('tell of other apps on the same store, their workers and what they perform', async () => {
    const storage = memoryStorage()
    const [here, there] = [pier({ storage }), pier({ storage })]
    const { told } = await watchCounts(here)
    const run = later()
    there.job('Long', { perform: () => run.promise })
    await there.work()
    await there.app.client.push({ class: 'Long', args: [] })
    await here.pass(LOOK)
    expect(told.at(-1)).toMatchObject({ workers: 1, running: 1, enqueued: 0, processed: 0 })
    run.resolve()
    await rest()
    await here.pass(LOOK)
    expect(told.at(-1)).toMatchObject({ running: 0, processed: 1 })
  })

  test('cost one look for all who watch, and one in 100 ms however much changes', async () => {
    const here = pier()
    const { job, pass, tap } = here
    const watchings = await Promise.all(Array.from({ length: 20 }, () => watchCounts(here)))
    await watchQueue(here, 'default')
    await pass(SECOND)
    tap.calls.length = 0
    for (let n = 0; n < 100; n++) {
      await job('A').performAsync()
      await pass(5)
    }
    await pass(LOOK)
    expect(tap.count('stats')).toBeLessThanOrEqual(7)
    expect([tap.count('queues'), tap.count('workers')]).toEqual([tap.count('stats'), 0])
    for (const { told } of watchings) expect(told.at(-1)?.enqueued).toBe(100)
  })

  test('of a lease that is over are told although nobody did anything', async () => {
    const here = pier()
    const { told } = await watchCounts(here)
    const storage = await here.inner()
    const about = { startedAt: 0, queues: [], concurrency: 1, tag: '', labels: [], capsules: {} }
    const beat = { worker: 'w', leaseMs: 3_000, quiet: false, running: [], heard: [], held: [], answered: {} }
    await storage.beat({ ...beat, about })
    await here.pass(LOOK)
    expect(told.at(-1)?.workers).toBe(1)
    await here.pass(10 * SECOND)
    expect(told.at(-1)?.workers).toBe(0)
  })
})

describe('a queue', () => {
  test('is told when it comes, grows, is paused and cleared; of others nothing', async () => {
    const here = pier()
    const { app, job, pass } = here
    const { told } = await watchQueue(here, 'mail')
    await job('A').performAsync()
    await pass(LOOK)
    await job('A', { queue: 'mail' }).performBulk([[], []])
    await pass(LOOK)
    await app.queue('mail').pause()
    await pass(LOOK)
    await app.queue('mail').clear()
    await pass(LOOK)
    expect(told).toEqual([
      { name: 'mail', size: 0, paused: false },
      { name: 'mail', size: 2, paused: false },
      { name: 'mail', size: 2, paused: true },
      { name: 'mail', size: 0, paused: true },
    ])
  })
})

describe('the callback', () => {
  test('is never called twice at a time: what comes meanwhile is told when it is done, the newest only', async () => {
    const { app, job, pass } = pier()
    const calls: ReturnType<typeof later<void>>[] = []
    const sizes: number[] = []
    app.watch(({ enqueued }) => {
      sizes.push(enqueued)
      const call = later()
      calls.push(call)
      return call.promise
    })
    await until(() => calls.length === 1)
    for (let n = 0; n < 3; n++) {
      await job('A').performAsync()
      await pass(LOOK)
    }
    expect(sizes).toEqual([0])
    calls[0]?.resolve()
    await rest()
    expect(sizes).toEqual([0, 3])
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('not my day')
      },
    ],
    ['rejects', () => Promise.reject(new Error('not my day'))],
  ])('that %s is reported, and called again', async (_, fail) => {
    const { app, job, pass, lines } = pier()
    const told: Counts[] = []
    const errors: string[] = []
    app.onError((error, { message }) => errors.push(`${message}: ${error.message}`))
    app.watch((counts) => {
      told.push(counts)
      return fail()
    })
    await until(() => told.length === 1)
    await job('A').performAsync()
    await pass(LOOK)
    expect(told.map(({ enqueued }) => enqueued)).toEqual([0, 1])
    expect(errors).toEqual(Array(2).fill('a callback of app.watch() threw: not my day'))
    expect(lines.filter(([level]) => level === 'error')).toHaveLength(2)
  })

  test('is not called after stop, also when it stops itself', async () => {
    const here = pier()
    const { app, job, pass } = here
    const { told, stop } = await watchCounts(here)
    const own: Counts[] = []
    const stopOwn = app.watch((counts) => {
      own.push(counts)
      if (counts.enqueued > 0) stopOwn()
    })
    await pass(LOOK)
    stop()
    stop()
    for (let n = 0; n < 2; n++) {
      await job('A').performAsync()
      await pass(LOOK)
    }
    expect([told.length, own.map(({ enqueued }) => enqueued)]).toEqual([1, [0, 1]])
  })

  test('that was stopped at once is never called', async () => {
    const { app, pass, tap, clock } = pier()
    const told: unknown[] = []
    app.watch((counts) => told.push(counts))()
    await rest(50)
    await pass(SECOND)
    expect([told, tap.calls, clock.waiting]).toEqual([[], [], 0])
  })

  test('that was stopped while it was busy hears no more', async () => {
    const { app, job, pass } = pier()
    const call = later()
    const sizes: number[] = []
    const stop = app.watch(({ enqueued }) => {
      sizes.push(enqueued)
      return call.promise
    })
    await until(() => sizes.length === 1)
    await job('A').performAsync()
    await pass(LOOK)
    stop()
    call.resolve()
    await rest()
    expect(sizes).toEqual([0])
  })
})

describe('nobody watches', () => {
  test('and nothing runs', async () => {
    const here = pier()
    const { job, pass, tap, clock } = here
    const [{ stop }, one] = [await watchCounts(here), await watchJob(here, 'x')]
    stop()
    one.stop()
    await pass(LOOK)
    tap.calls.length = 0
    await job('A').performAsync()
    await pass(MINUTE)
    expect([tap.calls, clock.waiting]).toEqual([['push'], 0])
    expect(contextOf(here.app).events.hears('job:completed')).toBe(false)
  })

  test('any more after app.close()', async () => {
    const here = pier()
    const { app, clock, pass } = here
    const { told } = await watchCounts(here)
    await app.close()
    await pass(MINUTE)
    expect([told.length, clock.waiting]).toEqual([1, 0])
    expect(() => app.watch(() => {})).toThrow('closed')
  })

  test('and then somebody does again', async () => {
    const here = pier()
    const { job, pass } = here
    const first = await watchCounts(here)
    first.stop()
    await job('A').performAsync()
    await pass(SECOND)
    const { told } = await watchCounts(here)
    await job('A').performAsync()
    await pass(LOOK)
    expect(told.map(({ enqueued }) => enqueued)).toEqual([1, 2])
  })
})

describe('the storage', () => {
  test('that is away delays, and is no error', async () => {
    const { app, job, pass, tap, lines } = pier()
    tap.weather = 'down'
    const told: Counts[] = []
    app.watch((counts) => told.push(counts))
    await until(() => tap.calls.length > 0)
    await pass(10 * SECOND)
    expect(told).toEqual([])
    tap.weather = 'fair'
    await pass(SECOND)
    expect(told).toHaveLength(1)
    tap.weather = 'down'
    await pass(10 * SECOND)
    tap.weather = 'fair'
    await job('A').performAsync()
    await pass(SECOND)
    expect([told.at(-1)?.enqueued, lines]).toEqual([1, []])
  })

  test('that fails otherwise is reported once, and looked at again', async () => {
    const { app, pass, tap, lines } = pier()
    tap.on('stats', () => Promise.reject(new Error('odd')))
    const told: Counts[] = []
    app.watch((counts) => told.push(counts))
    await until(() => tap.count('stats') > 0)
    await pass(10 * SECOND)
    expect(lines.map(([level, , message]) => [level, message])).toEqual([
      ['error', 'app.watch() could not look at the storage; it tries on'],
    ])
    tap.off('stats')
    await pass(SECOND)
    expect(told).toHaveLength(1)
  })

  test('that cannot tell is looked at once a second, and only while somebody watches', async () => {
    const here = pier()
    const { job, pass, tap } = here
    tap.wakes = false
    const { told, stop } = await watchCounts(here)
    await job('A').performAsync()
    await pass(LOOK)
    expect(told).toHaveLength(1)
    await pass(SECOND)
    expect(told.map(({ enqueued }) => enqueued)).toEqual([0, 1])
    tap.calls.length = 0
    await pass(10 * SECOND)
    expect(tap.count('stats')).toBe(10)
    stop()
    await pass(2 * SECOND)
    tap.calls.length = 0
    await pass(10 * SECOND)
    expect(tap.calls).toEqual([])
  })
})

test.each([
  [[undefined], 'app.watch(): the callback must be a function; got undefined'],
  [[{ jid: 'a' }, 'x'], 'app.watch(): the callback must be a function; got "x"'],
  [[{ jid: '' }, () => {}], 'app.watch(): jid must be'],
  [[{ queue: 'a b' }, () => {}], 'app.watch(): queue must be a queue name'],
  [[{ jib: 'a' }, () => {}], 'did you mean "jid"?'],
  [[{ jid: 'a', queue: 'b' }, () => {}], 'app.watch() takes a jid or a queue, not both'],
  [['a', () => {}], 'app.watch() takes an object'],
])('what cannot be right is refused at once: %j', (args, message) => {
  const { app } = pier()
  expect(() => app.watch(...(args as [never]))).toThrow(message)
})
