import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import type { Run } from '../../src/index.ts'
import { later, pier, rejection, type Spec } from './support/pier.ts'
import { MINUTE, rest, SECOND } from './support/time.ts'

/** A job whose runs last until they are let go, and how many there were at once. */
function held(here: ReturnType<typeof pier>, name = 'Held', spec: Spec = {}) {
  const runs: { name: unknown; end: () => void; run: Run }[] = []
  const seen = { now: 0, most: 0, all: 0 }
  const job = here.job(name, {
    async perform(name: unknown) {
      seen.most = Math.max(seen.most, ++seen.now)
      seen.all++
      const { promise, resolve } = later()
      runs.push({ name, end: resolve, run: this })
      await promise
      seen.now--
    },
    ...spec,
  })
  return { job, runs, seen }
}

describe('concurrency', () => {
  test('is reached and never exceeded', async () => {
    const here = pier()
    const { job, runs, seen } = held(here)
    await job.performBulk(Array.from({ length: 50 }, (_, n) => [n]))
    await here.work({ concurrency: 7 })
    while (seen.all < 50 || runs.length > 0) {
      expect(seen.now).toBe(Math.min(7, runs.length))
      runs.splice(Math.floor(here.clock.random() * runs.length), 1)[0]?.end()
      await rest()
    }
    expect(seen).toEqual({ now: 0, most: 7, all: 50 })
    expect(await here.app.stats()).toMatchObject({ processed: 50, failed: 0, running: 0, enqueued: 0 })
  })

  test('of sync handlers lets all of them run', async () => {
    const here = pier()
    const noted: unknown[] = []
    await here.job('Sync', { perform: (n: number) => noted.push(n) }).performBulk([[1], [2], [3]])
    await here.work({ concurrency: 1 })
    expect(noted).toEqual([1, 2, 3])
  })

  test('belongs to each capsule by itself', async () => {
    const here = pier()
    const slow = held(here, 'Slow', { queue: 'slow' })
    const quick = held(here, 'Quick', { queue: 'quick' })
    await slow.job.performBulk([[1], [2], [3]])
    await quick.job.performBulk([[1], [2], [3]])
    await here.work({
      capsules: { one: { queues: ['slow'], concurrency: 1 }, two: { queues: ['quick'], concurrency: 2 } },
    })
    expect([slow.seen.now, quick.seen.now]).toEqual([1, 2])
    quick.runs[0]?.end()
    await rest()
    expect([slow.seen.now, quick.seen.all]).toEqual([1, 3])
  })

  test('a job starts at once when it is pushed to an idle worker', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    await here.work()
    await job.performAsync('now')
    await rest()
    expect(noted).toEqual(['now'])
  })
})

describe('the order of queues', () => {
  async function ordered(queues: string[] | Record<string, number>, order?: 'strict' | 'weighted' | 'random') {
    const here = pier()
    const { job, noted } = here.noting()
    for (let n = 0; n < 60; n++) {
      for (const queue of ['low', 'high']) await job.set({ queue }).performAsync(queue)
    }
    await here.work({ concurrency: 1, queues, ...(order ? { order } : {}) })
    await rest(200)
    expect(noted).toHaveLength(120)
    return noted
  }

  test('strict: nothing of the second while the first holds any', async () => {
    expect((await ordered(['high', 'low'])).slice(0, 60)).not.toContain('low')
  })

  test('weighted: the heavier comes first as often as it weighs, and none starves', async () => {
    const first = (await ordered({ high: 4, low: 1 })).slice(0, 50)
    const high = first.filter((queue) => queue === 'high').length
    expect(high).toBeGreaterThan(30)
    expect(high).toBeLessThan(50)
  })

  test('random: all alike', async () => {
    const first = (await ordered(['high', 'low'], 'random')).slice(0, 60)
    const high = first.filter((queue) => queue === 'high').length
    expect(high).toBeGreaterThan(15)
    expect(high).toBeLessThan(45)
  })

  test('within a queue: first in, first out', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    await job.performBulk(Array.from({ length: 300 }, (_, n) => [n]))
    await here.work({ concurrency: 10 })
    expect(noted).toEqual(Array.from({ length: 300 }, (_, n) => n))
  })

  test('by default a worker serves default and the queues of all jobs', async () => {
    const here = pier()
    const a = here.noting('A', { queue: 'alpha' })
    const b = here.noting('B')
    await a.job.performAsync('a')
    await b.job.performAsync('b')
    await b.job.set({ queue: 'other' }).performAsync('c')
    await here.work()
    expect([a.noted, b.noted]).toEqual([['a'], ['b']])
    expect(await here.app.queue('other').size()).toBe(1)
  })

  test('a paused queue is passed over until it is resumed', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    await here.app.queue('default').pause()
    await here.work()
    await job.performAsync(1)
    await here.pass(10 * SECOND)
    expect(noted).toEqual([])
    await here.app.queue('default').resume()
    await rest()
    expect(noted).toEqual([1])
  })
})

describe('this', () => {
  test('tells of the run', async () => {
    const here = pier()
    const seen: unknown[] = []
    const jid = await here
      .job('Look', {
        perform() {
          const { jid, attempt, queue, payload, stopping, app } = this
          seen.push(jid, attempt, queue, payload.args, stopping, app === here.app, this.signal.aborted)
          this.log.info({ more: 1 }, 'hello')
        },
      })
      .set({ queue: 'low' })
      .performAsync('x')
    await here.work({ queues: ['low'] })
    expect(seen).toEqual([jid, 1, 'low', ['x'], false, true, false])
    const line = here.lines.find(([, , message]) => message === 'hello')
    expect(line?.[1]).toEqual({ jid, job: 'Look', queue: 'low', attempt: 1, more: 1 })
  })

  test('counts attempts', async () => {
    const here = pier()
    const attempts: number[] = []
    const job = here.job('Twice', {
      retryIn: () => '1s',
      perform() {
        attempts.push(this.attempt)
        if (this.attempt < 3) throw new Error('again')
      },
    })
    await job.performAsync()
    await here.work()
    await here.pass(60 * SECOND)
    expect(attempts).toEqual([1, 2, 3])
  })

  test('has a progress that app.workers() shows', async () => {
    const here = pier()
    const { job, runs } = held(here)
    await job.performAsync()
    await here.work({ tag: 'blue', labels: ['x'], name: 'host:1' })
    runs[0]?.run.progress(3, 10, 'halfway')
    await here.pass(4 * SECOND)
    const [worker] = await here.app.workers()
    expect(worker).toMatchObject({ tag: 'blue', labels: ['x'], concurrency: 10, queues: ['default'], quiet: false })
    expect(worker?.worker).toMatch(/^host:1:[0-9a-f]{12}$/)
    expect(worker?.running).toMatchObject([{ queue: 'default', progress: { done: 3, total: 10, note: 'halfway' } }])
  })

  test('refuses a progress that is no number', async () => {
    const here = pier()
    const job = here.job('Wrong', {
      perform() {
        this.progress(Number.NaN)
      },
    })
    expect((await rejection(job.performInline())).name).toBe('OptionError')
  })
})

describe('middleware', () => {
  test('of the worker goes in order, outermost first, around each run', async () => {
    const here = pier()
    const way: string[] = []
    for (const name of ['outer', 'inner']) {
      here.app.useWorker(async (run, next) => {
        way.push(`${name} before ${run.attempt}`)
        await next()
        way.push(`${name} after`)
      })
    }
    await here.job('Work', { perform: () => void way.push('perform') }).performAsync()
    await here.work()
    expect(way).toEqual(['outer before 1', 'inner before 1', 'perform', 'inner after', 'outer after'])
  })

  test('of the client changes what is stored, once for each enqueue', async () => {
    const here = pier()
    let calls = 0
    here.app.use(async ({ payload, delayMs, app }, next) => {
      calls++
      payload.tenant = app === here.app ? delayMs : 'stranger'
      payload.queue = 'moved'
      await next()
    })
    await here.job('Work').performAsync(1)
    await here.job('Work').performIn('1s', 2)
    expect(calls).toBe(2)
    expect((await here.app.queue('moved').page()).jobs[0]?.payload).toMatchObject({
      tenant: 0,
      queue: 'moved',
      args: [1],
    })
    expect((await here.app.scheduled.page()).jobs[0]?.payload).toMatchObject({ tenant: SECOND, queue: 'moved' })
  })

  test('of the client that does not go on stops the enqueue: null, and nothing stored', async () => {
    const here = pier()
    here.app.use(() => {})
    expect(await here.job('Work').performAsync()).toBeNull()
    expect(await here.app.client.push({ class: 'R', args: [] })).toBeNull()
    expect(here.tap.calls).toEqual([])
  })

  test('of the client that throws rejects the enqueue alone', async () => {
    const here = pier()
    here.app.use(({ payload }, next) => {
      if (payload.args[0] === 'bad') throw new Error('not this one')
      return next()
    })
    const job = here.job('Work')
    const answers = await Promise.allSettled([job.performAsync('bad'), job.performAsync('good')])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  test('of the client may not make a job that cannot be stored', async () => {
    const here = pier()
    here.app.use(({ payload }, next) => {
      payload.when = new Date()
      return next()
    })
    await expect(here.job('Work').performAsync()).rejects.toThrow('payload.when is a Date')
  })

  test('that throws around a run counts as its failure', async () => {
    const here = pier()
    here.app.useWorker(() => {
      throw new Error('not today')
    })
    await here.noting().job.performAsync()
    await here.work()
    expect((await here.app.retries.page()).jobs[0]?.error).toEqual({ class: 'Error', message: 'not today' })
  })

  test('of the worker that does not go on completes the job unperformed', async () => {
    const here = pier()
    here.app.useWorker(() => {})
    const { job, noted } = here.noting()
    await job.performAsync(1)
    await here.work()
    expect(noted).toEqual([])
    expect(await here.app.stats()).toMatchObject({ processed: 1, failed: 0 })
  })

  test('carries an AsyncLocalStorage from the enqueue to the run', async () => {
    const here = pier()
    const request = new AsyncLocalStorage<string>()
    here.app.use(({ payload }, next) => {
      payload.request = request.getStore()
      return next()
    })
    here.app.useWorker((run, next) => request.run(run.payload.request as string, next))
    const seen: unknown[] = []
    const job = here.job('Look', {
      perform: async () => {
        await rest(1)
        seen.push(request.getStore())
      },
    })
    await Promise.all(['a', 'b', 'c'].map((id) => request.run(id, () => job.performAsync())))
    await here.work()
    await rest()
    expect(seen.sort()).toEqual(['a', 'b', 'c'])
  })
})

describe('events', () => {
  test('of a job that succeeds: enqueued, started, completed', async () => {
    const here = pier()
    const events = here.heard('job:enqueued', 'job:started', 'job:completed', 'job:failed')
    const jid = await here.noting().job.performAsync('x')
    await here.work()
    const about = { jid, job: 'Note', queue: 'default', payload: expect.objectContaining({ jid, args: ['x'] }) }
    expect(events).toEqual([
      ['job:enqueued', { ...about, delayMs: 0 }],
      ['job:started', { ...about, attempt: 1 }],
      ['job:completed', { ...about, attempt: 1, durationMs: 0 }],
    ])
  })

  test('of jobs that are enqueued: when they are due, and each of a bulk', async () => {
    const here = pier()
    const events = here.heard('job:enqueued')
    const { job } = here.noting()
    const jids = [await job.performIn('10m', 'later'), await job.performAt(new Date(0), 'past')]
    jids.push(...(await job.performBulk([['a'], ['b']])))
    expect(events.map(([, event]) => event)).toMatchObject([
      { jid: jids[0], delayMs: 10 * MINUTE },
      { jid: jids[1], delayMs: 0 },
      { jid: jids[2], delayMs: 0, payload: { args: ['a'] } },
      { jid: jids[3], delayMs: 0, payload: { args: ['b'] } },
    ])
  })

  test('of a job that fails, is retried and dies', async () => {
    const here = pier()
    const events = here.heard('job:started', 'job:failed', 'job:retried', 'job:died', 'job:discarded', 'job:completed')
    const error = new Error('boom')
    const perform = () => Promise.reject(error)
    const jid = await here.job('Fail', { retry: 1, perform, retryIn: () => '5s' }).performAsync()
    await here.work()
    await here.pass(30 * SECOND)
    expect(events.map(([name]) => name)).toEqual([
      'job:started',
      'job:failed',
      'job:retried',
      'job:started',
      'job:failed',
      'job:died',
    ])
    expect(events[1]?.[1]).toMatchObject({ jid, job: 'Fail', attempt: 1, durationMs: 0, error })
    expect(events[2]?.[1]).toMatchObject({ attempt: 1, error, delayMs: expect.any(Number) })
    expect(events[5]?.[1]).toMatchObject({ jid, error, payload: { retry_count: 1 } })
  })

  test('of a worker: started, quiet, stopped', async () => {
    const here = pier()
    const events = here.heard('worker:started', 'worker:quiet', 'worker:stopped')
    const worker = await here.work()
    await worker.stop()
    expect(events).toEqual([
      ['worker:started', { worker: worker.id }],
      ['worker:quiet', { worker: worker.id }],
      ['worker:stopped', { worker: worker.id, unfinished: 0 }],
    ])
  })

  test('end with what on() answers, and with off()', async () => {
    const here = pier()
    let heard = 0
    const listener = () => heard++
    const end = here.app.on('job:enqueued', listener)
    here.app.on('job:enqueued', listener)
    await here.job('Work').performAsync()
    expect(heard).toBe(2)
    end()
    here.app.off('job:enqueued', listener)
    await here.job('Work').performAsync()
    expect(heard).toBe(2)
  })

  test('refuse an unknown name, with the nearest', () => {
    expect(() => pier().app.on('job:complete' as never, () => {})).toThrow('did you mean "job:completed"?')
  })
})

describe('nothing stops the worker:', () => {
  /** Whether two jobs, one good and one that fails, come to their ends although something is broken. */
  async function survives(breakIt: (here: ReturnType<typeof pier>) => void) {
    const here = pier()
    breakIt(here)
    const { job, noted } = here.noting()
    await here.job('Fail', { retry: 0, perform: () => Promise.reject(new Error('boom')) }).performAsync()
    await job.performAsync('good')
    const worker = await here.work()
    await here.pass(SECOND)
    expect(noted).toEqual(['good'])
    expect(await here.app.dead.size()).toBe(1)
    expect(worker.health()).toMatchObject({ status: 'running', claiming: true, running: 0 })
    await job.performAsync('more')
    await rest()
    expect(noted).toEqual(['good', 'more'])
    return here
  }
  const bad = (): never => {
    throw new Error('broken')
  }
  const badAsync = () => Promise.reject(new Error('broken'))

  test.each([
    ['throws', bad],
    ['rejects', badAsync],
    ['throws nothing', () => Promise.reject()],
  ])('a listener that %s', async (_name, broken) => {
    const told: string[] = []
    const here = await survives(({ app }) => {
      for (const name of ['job:started', 'job:completed', 'job:failed', 'job:died', 'worker:started'] as const) {
        app.on(name, broken as () => void)
      }
      app.onError((_error, { message }) => void told.push(message))
    })
    expect(told).toContain('a listener of job:died threw')
    expect(here.lines.some(([level]) => level === 'error')).toBe(true)
  })

  test.each([
    ['throws', bad],
    ['rejects', badAsync],
  ])('an error handler and a death handler that %s; the others still hear', async (_name, broken) => {
    const told: string[] = []
    await survives(({ app }) => {
      app.onError(broken).onError(() => void told.push('error'))
      app.onDeath(broken).onDeath(() => void told.push('death'))
    })
    expect(told).toEqual(['error', 'death'])
  })

  test.each([
    ['throws', bad],
    ['rejects', badAsync],
  ])('a listener that %s, and an error handler that does', async (_name, broken) => {
    await survives(({ app }) => {
      app.on('job:started', broken as () => void)
      app.onError(broken)
    })
  })

  test.each([
    ['throws', bad],
    ['rejects', badAsync],
  ])('a retriesExhausted that %s', async (_name, broken) => {
    const here = pier()
    await here.job('Fail', { retry: 0, retriesExhausted: broken, perform: bad }).performAsync()
    await here.work()
    await rest()
    expect(await here.app.dead.size()).toBe(1)
  })

  test('a middleware that calls next twice', async () => {
    const here = pier()
    here.app.useWorker(async (_run, next) => {
      await next()
      await next()
    })
    const { job, noted } = here.noting()
    await job.performAsync(1)
    await here.work()
    expect(noted).toEqual([1])
    expect((await here.app.retries.page()).jobs[0]?.error?.class).toBe('MiddlewareError')
  })
})
