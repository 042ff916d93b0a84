import { describe, expect, test } from 'vitest'
import type { Run } from '../../src/index.ts'
import { clear, drain, drainQueue, fake, jobs, performOne, queues } from '../../src/testing/index.ts'
import { failing, harbour } from './harbour.ts'

function faked() {
  const { app } = harbour()
  fake(app)
  return app
}

describe('jobs', () => {
  test('shows what was enqueued, as it is stored', async () => {
    const app = faked()
    const Welcome = app.job('Welcome', { queue: 'mailers', retry: 3, perform: (_id: number, _how: string) => {} })
    const jid = await Welcome.performAsync(7, 'mail')
    expect(jobs(Welcome).length).toBe(1)
    expect(jobs(Welcome).at(-1)).toMatchObject({ class: 'Welcome', args: [7, 'mail'], queue: 'mailers', jid, retry: 3 })
    expect(jobs(Welcome).at(-1)).not.toHaveProperty('at')
  })

  test('shows when the later ones are due, and the last that came last', async () => {
    const app = faked()
    const job = app.job('Note', { perform: (_n: number) => {} })
    const at = new Date(Date.now() + 3_600_000)
    await job.performAt(at, 1)
    await job.performAsync(2)
    await job.performIn('10m', 3)
    expect(jobs(job).map(({ args }) => args[0])).toEqual([1, 2, 3])
    expect(Math.abs((jobs(job)[0]?.at?.getTime() ?? 0) - at.getTime())).toBeLessThan(50)
    expect(jobs(job)[1]?.at).toBeUndefined()
  })

  test('what is due at a Date of now, or before it, can run', async () => {
    const app = faked()
    const job = app.job('Note', { perform: () => {} })
    await new Promise((resolve) => setTimeout(resolve, 5))
    await job.performAt(new Date())
    expect(await drain(job)).toBe(1)
  })

  test('has gone through JSON, client middleware and unique locks', async () => {
    const app = faked()
    app.use(async (push, next) => {
      push.payload.tenant = 'blue'
      if (push.payload.args[0] !== 'stop') await next()
    })
    const once = app.job('Once', { unique: { for: '1h' }, perform: (_what: string) => {} })
    expect(await once.performAsync('a')).toMatch(/^[0-9a-f]{24}$/)
    expect(await once.performAsync('a')).toBe(null)
    expect(await once.performAsync('stop')).toBe(null)
    expect(jobs(once)).toMatchObject([{ args: ['a'], tenant: 'blue' }])
    const any = app.job('Any', { perform: (_: unknown) => {} })
    await expect(any.performAsync(new Date())).rejects.toThrow('args[0] is a Date')
    const own = { deep: [1] }
    await any.performAsync(own)
    own.deep.push(2)
    expect(jobs(any).at(-1)?.args).toEqual([{ deep: [1] }])
    await drain(once)
    expect(await once.performAsync('a')).not.toBe(null)
  })

  test('shows pushes that were not awaited yet, with middleware too, each once', async () => {
    const app = faked()
    const job = app.job('Note', { perform: (_n: number) => {} })
    const first = job.performAsync(1)
    expect(jobs(job).map(({ args }) => args[0])).toEqual([1])
    await first
    app.use(async (_push, next) => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      await next()
    })
    const rest = [job.performBulk([[2], [3]]), job.performIn('5m', 4), app.client.push({ class: 'Note', args: [5] })]
    for (let turn = 0; turn < 3; turn++) {
      expect(jobs(job).map(({ args }) => args[0])).toEqual([1, 2, 3, 4, 5])
      await Promise.resolve()
    }
    await Promise.all(rest)
    expect(
      jobs(job)
        .map(({ args }) => args[0])
        .sort(),
    ).toEqual([1, 2, 3, 4, 5])
  })
})

test('queues groups what waits by queue', async () => {
  const app = faked()
  const [a, b] = [app.job('A', { queue: 'low' }), app.job('B', {})]
  await a.performIn('5m')
  await b.performAsync()
  await b.set({ queue: 'low' }).performAsync()
  expect([...queues(app)].map(([name, list]) => [name, list.map((job) => job.class)])).toEqual([
    ['low', ['A', 'B']],
    ['default', ['B']],
  ])
})

describe('drain', () => {
  test('performs what waits of a job, and what it enqueues of itself; the others wait', async () => {
    const app = faked()
    const ran: unknown[] = []
    const Other = app.job('Other', { perform: () => void ran.push('other') })
    const Count = app.job('Count', {
      async perform(n: number) {
        ran.push(n)
        if (n > 0) await Count.performAsync(n - 1)
        await Other.performAsync()
      },
    })
    await Other.performAsync()
    await Count.performAsync(2)
    expect(await drain(Count)).toBe(3)
    expect(ran).toEqual([2, 1, 0])
    expect(jobs(Other)).toHaveLength(4)
    expect(await drain(app)).toBe(4)
    expect(jobs(app)).toEqual([])
  })

  test('performs in the order of enqueuing, over all queues, and by queue', async () => {
    const app = faked()
    const ran: string[] = []
    const job = app.job('Note', { perform: (what: string) => void ran.push(what) })
    await job.performAsync('a')
    await job.set({ queue: 'low' }).performAsync('b')
    await job.performAsync('c')
    await job.set({ queue: 'low' }).performAsync('d')
    expect(await drainQueue(app, 'low')).toBe(2)
    await job.set({ queue: 'low' }).performAsync('e')
    await job.performAsync('f')
    await drain(app)
    expect(ran).toEqual(['b', 'd', 'a', 'c', 'e', 'f'])
  })

  test('takes jobs that were pushed and not awaited', async () => {
    const app = faked()
    const ran: string[] = []
    const inner = app.job('Inner', { perform: () => void ran.push('inner') })
    const outer = app.job('Outer', {
      perform() {
        inner.performAsync()
        ran.push('outer')
      },
    })
    app.use(async (_push, next) => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      await next()
    })
    outer.performAsync()
    await drain(app)
    expect(ran).toEqual(['outer', 'inner'])
  })

  test('leaves what is due later', async () => {
    const app = faked()
    const job = app.job('Note', { perform: () => {} })
    await job.performIn('1ms')
    await job.performIn('1h')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await drain(app)).toBe(1)
    expect(jobs(job)).toHaveLength(1)
  })

  test('runs worker middleware around each, with the run as production has it', async () => {
    const app = faked()
    const seen: unknown[] = []
    app.useWorker(async (run: Run, next) => {
      seen.push(['in', run.jid, run.attempt])
      await next()
      seen.push('out')
    })
    const job = app.job('Note', {
      perform() {
        seen.push(this.app === app, this.queue, this.stopping, this.signal.aborted)
      },
    })
    const jid = await job.performAsync()
    await drain(job)
    expect(seen).toEqual([['in', jid, 1], true, 'default', false, false, 'out'])
  })

  test('throws the own error of a job that fails, after it was settled as in production', async () => {
    const app = faked()
    const told: unknown[] = []
    app.onError((error) => told.push(error.message))
    app.on('job:retried', ({ attempt }) => told.push(attempt))
    const cause = new TypeError('no such order')
    const job = app.job('Fail', {
      perform: () => {
        throw cause
      },
    })
    await job.performAsync()
    await job.performAsync()
    await expect(drain(job)).rejects.toBe(cause)
    expect(told).toEqual(['no such order', 1])
    expect(await app.retries.size()).toBe(1)
    expect(jobs(job)).toMatchObject([
      {},
      { error_class: 'TypeError', error_message: 'no such order', retry_count: 0, at: expect.any(Date) },
    ])
  })

  test('with retries it takes them through them, to the death handlers, in no time', async () => {
    const app = faked()
    const events: unknown[] = []
    const job = app.job('Fail', {
      retry: 2,
      retryIn: (count) => ({ hours: count + 1 }),
      retriesExhausted: (payload) => void events.push(['exhausted', payload.retry_count]),
      perform() {
        events.push(this.attempt)
        throw new Error('never')
      },
    })
    app.onDeath((payload, error) => events.push(['death', payload.class, error.message]))
    await job.performAsync()
    expect(await drain(job, { retries: true })).toBe(3)
    expect(events).toEqual([1, 2, 3, ['exhausted', 2], ['death', 'Fail', 'never']])
    expect(await app.dead.size()).toBe(1)
    expect(jobs(job)).toEqual([])
  })

  test('with retries it goes on as long as the meant jobs are retried, and not further', async () => {
    const app = faked()
    const job = app.job('Flaky', { perform: failing(3) })
    const later = app.job('Later', { perform: () => {} })
    await later.performIn('1s')
    await later.performIn('3w')
    await job.performAsync()
    expect(await drain(job, { retries: true })).toBe(4)
    expect(jobs(later)).toHaveLength(2)
    expect((await app.stats()).failed).toBe(3)
  })

  test('a job that is unique until it starts can enqueue itself', async () => {
    const app = faked()
    const jids: unknown[] = []
    const job = app.job('Once', {
      unique: { for: '1h', until: 'start' },
      async perform() {
        if (jids.length < 2) jids.push(await job.performAsync())
      },
    })
    await job.performAsync()
    await drain(job)
    expect(jids).toEqual([expect.any(String), expect.any(String)])
  })

  test('passes over paused queues', async () => {
    const app = faked()
    const job = app.job('Note', { perform: () => {} })
    await job.performAsync()
    await app.queue('default').pause()
    expect(await drain(app)).toBe(0)
    await app.queue('default').resume()
    expect(await drain(app)).toBe(1)
  })

  test('gives up on a job that enqueues itself without end', async () => {
    const app = faked()
    const job = app.job('Forever', { perform: async () => void (await job.performAsync()) })
    await job.performAsync()
    await expect(drain(app, { limit: 50 })).rejects.toThrow('50 runs, and Forever still waits')
  })

  test('a job that nobody performs here fails as it would there', async () => {
    const app = faked()
    const remote = app.job<[userId: number]>('RubyMailerJob', { queue: 'mailers' })
    await remote.performAsync(7)
    await expect(drain(app)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_JOB' })
  })

  test('refuses options that cannot be right', async () => {
    const app = faked()
    await expect(drain(app, { unitl: '3w' } as never)).rejects.toThrow('did you mean "until"?')
    await expect(drain(app, { until: 3 } as never)).rejects.toThrow('until must be a valid Date, or a duration')
    await expect(drainQueue(app, 'a b')).rejects.toThrow('the queue must be a queue name')
  })

  test('ten thousand jobs take no time', async () => {
    const app = faked()
    const job = app.job('Note', { perform: (_n: number) => {} })
    const other = app.job('Other', { perform: (_n: number) => {} })
    const list = Array.from({ length: 10_000 }, (_, n) => [n] as [number])
    await job.performBulk(list)
    await other.performBulk([[1]])
    expect([await drain(other), await drain(job)]).toEqual([1, 10_000])
  }, 5_000)
})

describe('performOne', () => {
  test('performs the one that has waited longest, and answers it', async () => {
    const app = faked()
    const ran: number[] = []
    const job = app.job('Note', { perform: (n: number) => void ran.push(n) })
    await job.performBulk([[1], [2]])
    expect(await performOne(job)).toMatchObject({ args: [1], class: 'Note' })
    await performOne(app)
    expect(ran).toEqual([1, 2])
    await expect(performOne(job)).rejects.toThrow("performOne(): no job of 'Note' can run now.")
  })

  test('throws what it throws', async () => {
    const app = faked()
    const job = app.job('Fail', { perform: failing(1) })
    await job.performAsync()
    await expect(performOne(job)).rejects.toThrow('not yet')
    expect(await app.retries.size()).toBe(1)
  })
})

test('clear deletes by job, by queue, or all, and frees unique locks', async () => {
  const app = faked()
  const once = app.job('Once', { unique: { for: '1h' } })
  const job = app.job('Note', {})
  await Promise.all([once.performAsync(), job.performAsync(), job.performIn('1h')])
  expect([clear(once), jobs(app).length]).toEqual([1, 2])
  expect(await once.performAsync()).not.toBe(null)
  await job.set({ queue: 'low' }).performAsync()
  expect([clear(app, 'low'), jobs(app).length, clear(app), jobs(app).length]).toEqual([1, 3, 3, 0])
  expect(await once.performAsync()).not.toBe(null)
})

test('dead jobs keep to the limits of the app', async () => {
  const { app } = harbour({ deadSet: { max: 3 } })
  fake(app)
  const job = app.job('Fail', { retry: 0, perform: failing(9) })
  for (let n = 0; n < 5; n++) await job.performAsync()
  await drain(app, { retries: true })
  expect(await app.dead.size()).toBe(2)
})
