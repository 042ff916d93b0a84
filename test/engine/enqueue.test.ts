import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { ClosedError, type Payload, type PushId, type Refusal, StorageUnavailableError } from '../../src/index.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { later, pier, rejection } from './support/pier.ts'
import { DAY, HOUR, MINUTE, rest, SECOND } from './support/time.ts'

/** What is stored in a queue, next to run first. */
async function stored({ app }: ReturnType<typeof pier>, queue = 'default'): Promise<Payload[]> {
  const { jobs } = await app.queue(queue).page({ limit: 1_000 })
  return jobs.map(({ payload }) => payload as Payload)
}

describe('performAsync', () => {
  test('answers a jid of 24 hex digits, and stores Sidekiq fields', async () => {
    const here = pier()
    const jid = await here
      .job('Charge', { queue: 'critical', retry: 10, tags: ['money'] })
      .performAsync(7, { a: [null] })
    expect(jid).toMatch(/^[0-9a-f]{24}$/)
    const at = (here.clock.now() + 1) / 1_000
    expect(await stored(here, 'critical')).toEqual([
      {
        class: 'Charge',
        args: [7, { a: [null] }],
        jid,
        queue: 'critical',
        retry: 10,
        tags: ['money'],
        created_at: at,
        enqueued_at: at,
      },
    ])
  })

  test('keeps the order of a caller who awaits', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    for (let n = 0; n < 20; n++) await job.performAsync(n)
    await here.work({ concurrency: 1 })
    expect(noted).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })

  test('carries an own __proto__ through, as just a key', async () => {
    const { job, work } = pier()
    const seen: unknown[] = []
    const args = JSON.parse('[{ "__proto__": { "polluted": 1 }, "constructor": 2 }]')
    await job('Proto', { perform: (arg: unknown) => seen.push(JSON.stringify(arg)) }).performAsync(...args)
    await work()
    expect(seen).toEqual(['{"__proto__":{"polluted":1},"constructor":2}'])
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('rejects arguments that JSON would change, and stores nothing', async () => {
    const { app, job } = pier()
    const error = await rejection(job('Work').performAsync(1, { when: new Date() }))
    expect(error).toMatchObject({ name: 'ArgumentError', path: 'args[1].when' })
    expect(await app.stats()).toMatchObject({ enqueued: 0 })
  })

  test('rejects, and never throws, where an argument is wrong', () => {
    const { job } = pier()
    const promise = job('Work').performAsync(1n)
    expect(promise).toBeInstanceOf(Promise)
    return expect(promise).rejects.toThrow('args[0] is a bigint')
  })

  test('takes what the app has as defaults, unless the job or the enqueue says otherwise', async () => {
    const here = pier({ defaults: { queue: 'low', retry: 3, tags: ['all'] } })
    await here.job('A').performAsync()
    await here.job('B', { retry: 5, tags: ['own'] }).performAsync()
    await here.job('C', { retry: 5 }).set({ retry: false, backtrace: 3 }).performAsync()
    expect((await stored(here, 'low')).map(({ retry, tags }) => [retry, tags])).toEqual([
      [3, ['all']],
      [5, ['own']],
      [false, ['all']],
    ])
  })

  test('writes expires_at, counted from when the job is due', async () => {
    const here = pier()
    const job = here.job('Soon', { expiresIn: '1h' })
    await job.performAsync()
    await job.performIn('10m')
    const [now] = await stored(here)
    const [later] = (await here.app.scheduled.page()).jobs
    expect(now?.expires_at).toBeCloseTo((here.clock.now() + HOUR) / 1_000, 2)
    expect(later?.payload?.expires_at).toBeCloseTo((here.clock.now() + HOUR + 10 * MINUTE) / 1_000, 2)
  })

  test('stores a job that is performed elsewhere', async () => {
    const here = pier()
    await here.job('RubyMailerJob', { queue: 'mailers' }).performAsync(42)
    expect(await stored(here, 'mailers')).toMatchObject([{ class: 'RubyMailerJob', args: [42] }])
  })
})

describe('set', () => {
  test('changes this enqueue, and not the job', async () => {
    const here = pier()
    const job = here.job('Work', { queue: 'high' })
    const options = { queue: 'low', retryQueue: 'slow', dead: false, retryFor: '90s', backtrace: 3 } as const
    await job.set(options).performAsync()
    await job.performAsync()
    const fields = { queue: 'low', retry_queue: 'slow', dead: false, retry_for: 90, backtrace: 3 }
    expect(await stored(here, 'low')).toMatchObject([fields])
    expect(await stored(here, 'high')).toHaveLength(1)
  })

  test('adds up over several calls, the last word counting', async () => {
    const here = pier()
    await here
      .job('Work')
      .set({ queue: 'a', tags: ['x'] })
      .set({ queue: 'b' })
      .performAsync()
    expect(await stored(here, 'b')).toMatchObject([{ tags: ['x'] }])
    const at = new Date(here.clock.now() + HOUR)
    await here.job('Late').set({ waitUntil: at }).set({ wait: '1m' }).performAsync()
    expect((await here.app.scheduled.page()).jobs[0]?.at?.getTime()).toBe(here.clock.now() + MINUTE)
  })

  test('takes a chosen jid once in ten minutes', async () => {
    const here = pier()
    const job = here.job('Work').set({ jid: 'order-7' })
    expect([await job.performAsync(), await job.performAsync()]).toEqual(['order-7', 'order-7'])
    expect(await stored(here)).toMatchObject([{ jid: 'order-7' }])
    await here.pass(10 * MINUTE + SECOND)
    await job.performAsync()
    expect(await stored(here)).toHaveLength(2)
  })
})

describe('performIn and performAt', () => {
  test('run the job at its time and not before', async () => {
    const { job, noted, ...here } = withNoting()
    await job.performIn('10m', 'in')
    await job.performAt(new Date(here.clock.now() + 20 * MINUTE), 'at')
    await here.work()
    await here.pass(10 * MINUTE - 1)
    expect(noted).toEqual([])
    await here.pass(1)
    expect(noted).toEqual(['in'])
    await here.pass(10 * MINUTE)
    expect(noted).toEqual(['in', 'at'])
  })

  test('run a job whose time is past at once', async () => {
    const { job, noted, ...here } = withNoting()
    await job.performAt(new Date(0), 'then')
    expect(await here.app.scheduled.size()).toBe(0)
    await here.work()
    expect(noted).toEqual(['then'])
  })

  test('wait far beyond 2^31 ms', async () => {
    const { job, noted, ...here } = withNoting()
    await here.work({ heartbeat: '10d', lease: '30d' })
    await job.performIn('60d', 'far')
    expect((await here.app.scheduled.page()).jobs[0]?.at?.getTime()).toBe(here.clock.now() + 60 * DAY)
    here.clock.jumpTo(here.clock.now() + 60 * DAY - HOUR)
    await here.pass(MINUTE)
    expect(noted).toEqual([])
    await here.pass(HOUR)
    expect(noted).toEqual(['far'])
  })
})

function withNoting() {
  const here = pier()
  return { ...here, ...here.noting() }
}

describe('performBulk', () => {
  test('stores 100,000 in order, in slices of 1,000', async () => {
    const { job, ...here } = withNoting()
    const jids = await job.performBulk(Array.from({ length: 100_000 }, (_, n) => [n]))
    expect(here.tap.count('push')).toBe(100)
    expect(new Set(jids).size).toBe(100_000)
    const queue = here.app.queue('default')
    expect(await queue.size()).toBe(100_000)
    const [last] = (await queue.page({ limit: 1, reverse: true })).jobs
    expect([last?.jid, last?.args]).toEqual([jids.at(-1), [99_999]])
  })

  test('of none stores none', async () => {
    const { job, tap } = withNoting()
    expect(await job.performBulk([])).toEqual([])
    expect(tap.calls).toEqual([])
  })

  test('spreads the jobs over a time', async () => {
    const { job, app, clock } = withNoting()
    await job.performBulk(
      Array.from({ length: 500 }, (_, n) => [n]),
      { spread: '10m' },
    )
    const waits = (await app.scheduled.page({ limit: 1_000 })).jobs.map(({ at }) => Number(at) - clock.now())
    expect(waits).toHaveLength(500)
    expect(Math.min(...waits)).toBeLessThan(MINUTE)
    expect(Math.max(...waits)).toBeGreaterThan(9 * MINUTE)
    expect(Math.max(...waits)).toBeLessThanOrEqual(10 * MINUTE)
  })

  test('spreads them behind their wait', async () => {
    const { job, app, clock } = withNoting()
    await job.set({ wait: '1h' }).performBulk([[1], [2], [3]], { spread: '10m' })
    const waits = (await app.scheduled.page()).jobs.map(({ at }) => Number(at) - clock.now())
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(HOUR)
    expect(waits).toHaveLength(3)
  })

  test('answers null for those that a middleware stopped or a lock refused', async () => {
    const { app, job } = pier()
    app.use(({ payload }, next) => (payload.args[0] === 2 ? undefined : next()))
    const jids = await job('Once', { unique: { for: '1h' } }).performBulk([[1], [2], [1], [3]])
    expect(jids.map((jid) => jid !== null)).toEqual([true, false, false, true])
  })

  test('refuses a jid, and arguments that are no arrays', async () => {
    const { job } = pier()
    await expect(
      job('Work')
        .set({ jid: 'one' })
        .performBulk([[1]]),
    ).rejects.toThrow('performBulk() takes no jid')
    await expect(job('Work').performBulk([1] as never)).rejects.toThrow('takes an array of argument arrays')
  })
})

describe('group commit', () => {
  test('sends the calls of one turn in one push', async () => {
    const { job, tap } = withNoting()
    const jids = await Promise.all([job.performAsync(1), job.performIn('1h', 2), job.performAsync(3)])
    expect(new Set(jids).size).toBe(3)
    expect(tap.count('push')).toBe(1)
  })

  test('splits a turn of more than 1,000', async () => {
    const { job, tap, app } = withNoting()
    const sizes: number[] = []
    tap.on('push', (call, entries) => {
      sizes.push(entries.length)
      return call()
    })
    await Promise.all(Array.from({ length: 2_500 }, (_, n) => job.performAsync(n)))
    expect(sizes).toEqual([1_000, 1_000, 500])
    expect(await app.queue('default').size()).toBe(2_500)
  })

  test('numbers the pushes of a client; two clients of one storage are not taken for each other', async () => {
    const storage = memoryStorage()
    const ids: PushId[] = []
    const clients = [pier({ storage }), pier({ storage, clock: new ManualClock(undefined, 2) })]
    for (const { tap, job } of clients) {
      tap.on('push', (call, _entries, id) => {
        ids.push(id)
        return call()
      })
      for (let n = 0; n < 3; n++) await job('Work').performAsync(n)
    }
    expect(ids.map(({ number }) => number)).toEqual([1, 2, 3, 1, 2, 3])
    expect(new Set(ids.map(({ client }) => client)).size).toBe(2)
    expect(await clients[0]?.app.queue('default').size()).toBe(6)
  })

  test('resolves only when the job is stored', async () => {
    const { job, tap } = withNoting()
    const answer = later()
    tap.on('push', async (call) => {
      await answer.promise
      return call()
    })
    let isDone = false
    const enqueued = job.performAsync(1).then(() => {
      isDone = true
    })
    await rest()
    expect(isDone).toBe(false)
    answer.resolve()
    await enqueued
  })

  test('lets a poisoned member fail alone', async () => {
    const { job, tap, app } = withNoting()
    tap.on('push', async (call, entries) => {
      if (entries.some(({ jid }) => jid === 'bad')) throw new Error('disk has a scratch')
      return call()
    })
    const answers = await Promise.allSettled([
      job.performAsync(1),
      job.set({ jid: 'bad' }).performAsync(2),
      job.performAsync(3),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(answers[1]).toMatchObject({ reason: { message: 'disk has a scratch' } })
    expect(await app.queue('default').size()).toBe(2)
  })

  test('tells all when the storage is closed, without trying each', async () => {
    const { job, tap } = withNoting()
    tap.on('push', () => Promise.reject(new ClosedError('closed')))
    const answers = await Promise.allSettled([job.performAsync(1), job.performAsync(2)])
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'ERR_CLOSED' } })
    expect(tap.count('push')).toBe(1)
  })

  test('tells all when the storage is away, at once and without trying each', async () => {
    const { job, tap } = withNoting()
    await job.performAsync(0)
    tap.weather = 'down'
    const answers = await Promise.allSettled([job.performAsync(1), job.performAsync(2)])
    for (const answer of answers)
      expect(answer).toMatchObject({ reason: { code: 'ERR_STORAGE_UNAVAILABLE', outcome: 'none' } })
    expect(tap.count('push')).toBe(2)
  })

  test('repeats an unknown outcome once, with the same push id: the job exists once', async () => {
    const { job, tap, app } = withNoting()
    const ids: PushId[] = []
    tap.on('push', async (call, _entries, id) => {
      ids.push(id)
      const answer = await call()
      if (ids.length === 1) throw new StorageUnavailableError('the answer was lost', { outcome: 'unknown' })
      return answer
    })
    const jid = await job.performAsync(1)
    expect(ids).toEqual([ids[0], ids[0]])
    expect((await app.queue('default').page()).jobs.map((stored) => stored.jid)).toEqual([jid])
  })

  test('stays with unknown when the repetition could not be sent either', async () => {
    const { job, tap, app } = withNoting()
    tap.on('push', async (call): Promise<Refusal[]> => {
      if (tap.count('push') > 1) throw new StorageUnavailableError('no connection', { outcome: 'none' })
      await call()
      throw new StorageUnavailableError('the answer was lost', { outcome: 'unknown' })
    })
    expect(await rejection(job.performAsync(1))).toMatchObject({ outcome: 'unknown' })
    expect(await app.queue('default').size()).toBe(1)
  })

  test('goes on when the storage could not be opened for one push', async () => {
    const { job, tap } = withNoting()
    tap.onOpen = () => Promise.reject(new StorageUnavailableError('not yet'))
    await expect(job.performAsync(1)).rejects.toThrow('not yet')
    tap.onOpen = () => undefined
    expect(await job.performAsync(1)).toMatch(/^[0-9a-f]{24}$/)
  })
})

describe('client.push', () => {
  test('fills in what is missing, and keeps what it does not know', async () => {
    const here = pier()
    const jid = await here.app.client.push({ class: 'Ruby', args: [1], wrapped: 'Inner', cattr: { user: 7 } })
    const at = (here.clock.now() + 1) / 1_000
    const filled = { jid, retry: true, queue: 'default', created_at: at, enqueued_at: at }
    expect(await stored(here)).toEqual([{ class: 'Ruby', args: [1], wrapped: 'Inner', cattr: { user: 7 }, ...filled }])
  })

  test('keeps what is given', async () => {
    const here = pier()
    await here.app.client.push({ class: 'R', args: [], queue: 'low', retry: 0, jid: 'mine', created_at: 1.5 })
    expect(await stored(here, 'low')).toMatchObject([{ retry: 0, jid: 'mine', created_at: 1.5 }])
  })

  test('schedules by at, which is not stored', async () => {
    const { app, clock } = pier()
    await app.client.push({ class: 'R', args: [], at: (clock.now() + HOUR) / 1_000 })
    const [job] = (await app.scheduled.page()).jobs
    expect(job?.at?.getTime()).toBe(clock.now() + HOUR)
    expect(job?.payload).not.toHaveProperty('at')
    expect(job?.payload).not.toHaveProperty('enqueued_at')
  })

  test('with an at that is past enqueues now', async () => {
    const here = pier()
    await here.app.client.push({ class: 'R', args: [], at: 12 })
    expect((await stored(here))[0]).toHaveProperty('enqueued_at')
  })

  test('does not store a chosen jid twice', async () => {
    const { app } = pier()
    const push = () => app.client.push({ class: 'R', args: [], jid: 'once' })
    expect([await push(), await push()]).toEqual(['once', 'once'])
    expect(await app.queue('default').size()).toBe(1)
  })

  test('honours unique_for, together with jobs of the same name and arguments', async () => {
    const { app, job } = pier()
    const push = () => app.client.push({ class: 'Once', args: [1], unique_for: 60 })
    expect(await push()).not.toBeNull()
    expect(await push()).toBeNull()
    expect(await job('Once', { unique: { for: '1h' } }).performAsync(1)).toBeNull()
  })

  test('holds the lock for as many seconds, by a key that is stored with the payload', async () => {
    const here = pier()
    const push = () => here.app.client.push({ class: 'Once', args: [1], unique_for: 60, own: 'field' })
    const jid = await push()
    const fields = { class: 'Once', args: [1], jid, unique_for: 60, own: 'field', unique_key: expect.any(String) }
    expect(await stored(here)).toEqual([expect.objectContaining(fields)])
    await here.pass(59 * SECOND)
    expect(await push()).toBeNull()
    await here.pass(SECOND)
    expect(await push()).not.toBeNull()
  })

  test.each<[string, unknown, string]>([
    ['no payload', undefined, 'client.push() takes a payload object; got undefined.'],
    ['an array', [], 'client.push() takes a payload object; got [] (array).'],
    ['no class', { args: [] }, 'payload.class must be a string that is not empty, without < and >; got undefined.'],
    [
      'markup in the class',
      { class: '<b>R', args: [] },
      'payload.class must be a string that is not empty, without < and >',
    ],
    ['markup in the name shown', { class: 'R', args: [], display_class: '<b>' }, 'R: display_class must be a string'],
    ['markup in the wrapped class', { class: 'R', args: [], wrapped: '<b>' }, 'R: wrapped must be a string'],
    ['markup in the jid', { class: 'R', args: [], jid: '<b>' }, 'payload.jid must be a string without spaces'],
    ['no args', { class: 'R' }, 'R: args must be an array; got undefined.'],
    ['args that are none', { class: 'R', args: { 0: 1 } }, 'R: args must be an array; got {"0":1} (object).'],
    ['a bad queue', { class: 'R', args: [], queue: 'a b' }, 'R: queue must be a queue name'],
    [
      'a bad jid',
      { class: 'R', args: [], jid: 7 },
      'payload.jid must be a string without spaces, quotes, < and >; got 7 (number).',
    ],
    [
      'a bad at',
      { class: 'R', args: [], at: 'soon' },
      'at must be a number of seconds since 1970; got "soon" (string).',
    ],
    ['a bad unique_for', { class: 'R', args: [], unique_for: 'long' }, 'unique_for must be'],
    [
      'a unique_for that is a text',
      { class: 'R', args: [], unique_for: '60' },
      'must be a number of seconds; got "60"',
    ],
    ['a unique_for of 0', { class: 'R', args: [], unique_for: 0 }, 'unique_for must be a number of seconds; got 0'],
    ['a unique_for without end', { class: 'R', args: [], unique_for: Infinity }, 'unique_for must be'],
    ['a retry_for below 0', { class: 'R', args: [], retry_for: -1 }, 'retry_for must be a number of seconds; got -1'],
    ['a bad retry', { class: 'R', args: [], retry: 'often' }, 'retry must be'],
    ['bad arguments', { class: 'R', args: [undefined] }, 'args[0] is undefined'],
    ['a field that JSON would change', { class: 'R', args: [], extra: new Map() }, 'payload.extra is a Map'],
  ])('refuses %s', async (_name, payload, message) => {
    const { app } = pier()
    const error = await rejection(app.client.push(payload as never))
    expect(error.message).toContain(message)
    expect(error.code).toMatch(/^ERR_(OPTION|ARGUMENT)$/)
    expect(await app.stats()).toMatchObject({ enqueued: 0, scheduled: 0 })
  })
})

describe('performInline', () => {
  test('performs here and now, and answers what perform answers', async () => {
    const { job, tap } = pier()
    expect(await job('Add', { perform: async (a: number, b: number) => a + b }).performInline(2, 3)).toBe(5)
    expect(tap.calls).toEqual([])
  })

  test('passes JSON, and the middleware of client and worker', async () => {
    const { app, job } = pier()
    const way: string[] = []
    app.use(async ({ payload }, next) => {
      way.push('client')
      payload.args = [...payload.args, 'added']
      await next()
    })
    app.useWorker(async (run, next) => {
      way.push(`worker ${run.jid.length}`)
      await next()
    })
    const given = { deep: [1] }
    const got = await job('Look', { perform: (...args) => args }).performInline(given)
    expect(got).toEqual([{ deep: [1] }, 'added'])
    expect((got as unknown[])[0]).not.toBe(given)
    expect(way).toEqual(['client', 'worker 24'])
  })

  test("rejects with the handler's error", async () => {
    const { job } = pier()
    const error = new TypeError('boom')
    await expect(job('Fail', { perform: () => Promise.reject(error) }).performInline()).rejects.toBe(error)
  })

  test('answers null when a middleware stopped it', async () => {
    const { app, job } = pier()
    app.use(() => {})
    expect(await job('Work', { perform: () => 1 }).performInline()).toBeNull()
  })

  test('rejects arguments that JSON would change', async () => {
    await expect(
      pier()
        .job('Work', { perform: () => 1 })
        .performInline(Number.NaN),
    ).rejects.toThrow('args[0] is NaN')
  })

  test('fails after the timeout of the job, too', async () => {
    const here = pier()
    const job = here.job('Slow', { timeout: '1s', perform: () => new Promise(() => {}) })
    const error = rejection(job.performInline())
    await here.pass(4 * SECOND)
    expect(await error).toMatchObject({ name: 'JobTimeoutError' })
  })
})

describe('perform', () => {
  test('is the plain function, on a run of no app', async () => {
    const { job, tap } = pier()
    const plain = job('Plain', {
      queue: 'high',
      perform(n: number) {
        this.log.info({}, 'unheard')
        return [n, this.attempt, this.queue, this.signal.aborted, this.stopping]
      },
    })
    expect(plain.perform(7)).toEqual([7, 1, 'high', false, false])
    expect(tap.calls).toEqual([])
    expect(() => job('Elsewhere').perform()).toThrow("The job 'Elsewhere' has no perform")
  })
})
