import { describe, expect, test } from 'vitest'
import type { Payload, StoredJob } from '../../src/index.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { pier, type Spec } from './support/pier.ts'
import { DAY, HOUR, MINUTE, pass, rest, SECOND, until } from './support/time.ts'

/** A clock without chance: what jitter there is, is none. */
class PlainClock extends ManualClock {
  override random(): number {
    return 0
  }
}

/** A job that fails, in an app without jitter, and a worker that has run it once. */
async function failing(spec: Spec = {}, error: unknown = new Error('boom'), fields: Partial<Payload> = {}) {
  const here = pier({ clock: new PlainClock() })
  let runs = 0
  const perform = () => {
    runs++
    throw error
  }
  const job = here.job('Fail', { perform, ...spec })
  const events = here.heard('job:died', 'job:discarded', 'job:retried')
  const deaths: (readonly [Payload, Error])[] = []
  here.app.onDeath((payload, error) => void deaths.push([payload, error]))
  const jid = await here.app.client.push({ ...(await fieldsOf(here, job)), ...fields, class: 'Fail', args: [7] })
  await here.work()
  const sizes = async () => {
    const { retry, dead, enqueued, scheduled } = await here.app.stats()
    return { retry, dead, waiting: enqueued + scheduled }
  }
  const first = async (set: 'retries' | 'dead') => (await here.app[set].page()).jobs[0] as StoredJob
  return {
    ...here,
    events,
    deaths,
    sizes,
    jid,
    retried: () => first('retries'),
    died: () => first('dead'),
    runs: () => runs,
  }
}

/** The payload that a job's options make. */
async function fieldsOf({ app }: ReturnType<typeof pier>, job: ReturnType<ReturnType<typeof pier>['job']>) {
  await job.performIn('1d', 7)
  const { jid, created_at, ...fields } = ((await app.scheduled.page()).jobs[0] as StoredJob).payload as Payload
  await app.scheduled.clear()
  return fields
}

const NONE = { retry: 0, dead: 0, waiting: 0 }

describe('by default', () => {
  test('a job is retried with Sidekiq delays, exact to the millisecond', async () => {
    const { pass, runs } = await failing()
    for (const [index, seconds] of [15, 16, 31, 96, 271, 640].entries()) {
      expect(runs()).toBe(index + 1)
      await pass(seconds * SECOND - 1)
      expect(runs()).toBe(index + 1)
      await pass(1)
    }
    expect(runs()).toBe(7)
  })

  test('it dies after 25 retries, 26 runs and 20 days', async () => {
    const { clock, retried, died, runs, sizes, deaths, events } = await failing()
    const begun = clock.now()
    let delays = 0
    for (let count = 0; count < 25; count++) {
      const { at, payload } = await retried()
      const delay = Number(at) - clock.now()
      expect(payload?.retry_count).toBe(count)
      expect(delay).toBe((count ** 4 + 15) * SECOND)
      delays += delay
      clock.jumpTo(Number(at))
      await pass(clock, SECOND)
      expect(runs()).toBe(count + 2)
    }
    expect(delays).toBe(1_763_395 * SECOND)
    expect(clock.now() - begun).toBe(delays + 25 * SECOND)
    expect(await sizes()).toEqual({ retry: 0, dead: 1, waiting: 0 })
    expect((await died()).payload).toMatchObject({ retry_count: 25, error_class: 'Error', error_message: 'boom' })
    expect(deaths).toHaveLength(1)
    expect(events.filter(([name]) => name === 'job:retried')).toHaveLength(25)
  })

  test('what is stored of a failure is what Sidekiq stores', async () => {
    const { retried, jid, clock, pass } = await failing({}, new RangeError('too far'))
    const failed = (clock.now() + 1) / 1_000
    const failure = { error_class: 'RangeError', error_message: 'too far', failed_at: failed, retry_count: 0 }
    expect((await retried()).payload).toMatchObject({ jid, class: 'Fail', args: [7], queue: 'default', ...failure })
    expect((await retried()).payload).not.toHaveProperty('retried_at')
    await pass(15 * SECOND)
    const again = { failed_at: failed, retry_count: 1, retried_at: (clock.now() + 1) / 1_000 }
    expect((await retried()).payload).toMatchObject(again)
    expect((await retried()).failedAt?.getTime()).toBeCloseTo(failed * 1_000, 0)
  })

  test('a little chance is added to each delay: less than 10 × (count + 1) seconds', async () => {
    const here = pier()
    await here
      .job('Fail', { perform: () => Promise.reject(new Error()) })
      .performBulk(Array.from({ length: 200 }, () => []))
    await here.work({ concurrency: 100 })
    const waits = (await here.app.retries.page({ limit: 200 })).jobs.map(
      ({ at }) => (Number(at) - here.clock.now()) / SECOND,
    )
    expect(new Set(waits)).toEqual(new Set([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]))
  })

  test('a failure counts in the statistics', async () => {
    const { app } = await failing()
    expect(await app.stats()).toMatchObject({ processed: 1, failed: 1, retry: 1, running: 0 })
  })

  test('a failure is told: an event with how long the run took, and a line of the log', async () => {
    const here = pier({ clock: new PlainClock() })
    const events = here.heard('job:retried')
    const perform = async () => {
      await new Promise<void>((resolve) => here.clock.after(3 * SECOND, resolve))
      throw new RangeError('too far')
    }
    const jid = await here.job('Fail', { perform }).performAsync()
    await here.work()
    await here.pass(3 * SECOND)
    const told = { jid, attempt: 1, durationMs: 3 * SECOND, delayMs: 15 * SECOND, error: { message: 'too far' } }
    expect(events).toMatchObject([['job:retried', told]])
    const line = { jid, job: 'Fail', attempt: 1, error: 'RangeError', reason: 'too far' }
    expect(here.lines.filter(([level]) => level !== 'info')).toEqual([
      ['warn', expect.objectContaining(line), 'Fail failed'],
    ])
  })
})

describe('retry', () => {
  test('0: straight to the dead set', async () => {
    const { app, sizes, deaths, events, lines } = await failing({ retry: 0 })
    expect(await sizes()).toEqual({ ...NONE, dead: 1 })
    expect([deaths.length, events.map(([name]) => name)]).toEqual([1, ['job:died']])
    expect(await app.stats()).toMatchObject({ processed: 1, failed: 1, running: 0 })
    expect(lines.filter(([level]) => level !== 'info').map(([level, , message]) => [level, message])).toEqual([
      ['warn', 'Fail failed'],
      ['warn', 'the job is in the dead set'],
    ])
    expect(lines.at(-1)?.[1]).toMatchObject({ job: 'Fail', error: 'Error', reason: 'boom' })
  })

  test('false: nothing is kept, and death handlers hear', async () => {
    const { app, sizes, deaths, events } = await failing({ retry: false })
    expect(await sizes()).toEqual(NONE)
    expect(await app.stats()).toMatchObject({ processed: 1, failed: 1, running: 0 })
    expect(deaths).toMatchObject([[{ class: 'Fail', error_message: 'boom' }, { message: 'boom' }]])
    expect(events).toMatchObject([['job:discarded', { reason: 'failed', error: { message: 'boom' } }]])
  })

  test('n: that many', async () => {
    const { pass, runs, sizes } = await failing({ retry: 2 })
    await pass(15 * SECOND)
    expect(await sizes()).toEqual({ ...NONE, retry: 1 })
    await pass(16 * SECOND)
    expect([runs(), await sizes()]).toEqual([3, { ...NONE, dead: 1 }])
  })

  test('true: 25, also beside another default', async () => {
    const { sizes } = await failing({ retry: true })
    expect(await sizes()).toEqual({ ...NONE, retry: 1 })
  })

  test('retryQueue: retries go there, and a worker serves it by default', async () => {
    const { app, pass, retried, runs } = await failing({ retryQueue: 'slow' })
    await app.queue('slow').pause()
    expect((await retried()).queue).toBe('slow')
    await pass(15 * SECOND)
    expect(runs()).toBe(1)
    expect((await app.queue('slow').page()).jobs[0]?.payload?.queue).toBe('slow')
    await app.queue('slow').resume()
    await rest()
    expect(runs()).toBe(2)
  })

  test('dead: false: out of retries it is discarded, and death handlers hear', async () => {
    const { sizes, deaths, events } = await failing({ retry: 0, dead: false })
    expect(await sizes()).toEqual(NONE)
    expect([deaths.length, events.map(([name]) => name)]).toEqual([1, ['job:discarded']])
  })

  test('retryFor: as long as that since the first failure, however often', async () => {
    const { pass, sizes, runs } = await failing({ retry: 1, retryFor: '60s' })
    await pass(15 * SECOND + 16 * SECOND)
    expect([runs(), await sizes()]).toEqual([3, { ...NONE, retry: 1 }])
    await pass(31 * SECOND)
    expect([runs(), await sizes()]).toEqual([4, { ...NONE, dead: 1 }])
  })
})

describe('retryIn', () => {
  test('decides the delay, told count, error and payload', async () => {
    const asked: unknown[] = []
    const retryIn: Spec['retryIn'] = (count, error, payload) => {
      asked.push([count, error.message, payload.args, payload.retry_count])
      return { minutes: count + 1 }
    }
    const { retried, clock, pass } = await failing({ retryIn })
    expect(Number((await retried()).at) - clock.now()).toBe(MINUTE)
    await pass(MINUTE)
    expect(Number((await retried()).at) - clock.now()).toBe(2 * MINUTE)
    expect(asked).toEqual([
      [0, 'boom', [7], 0],
      [1, 'boom', [7], 1],
    ])
  })

  test("'discard': it is gone", async () => {
    const { sizes, deaths } = await failing({ retryIn: () => 'discard' })
    expect([await sizes(), deaths.length]).toEqual([NONE, 1])
  })

  test("'kill': to the dead set now", async () => {
    let exhausted = 0
    const { sizes, deaths } = await failing({ retryIn: () => 'kill', retriesExhausted: () => void exhausted++ })
    expect([await sizes(), deaths.length, exhausted]).toEqual([{ ...NONE, dead: 1 }, 1, 1])
  })

  test.each<[string, Spec['retryIn']]>([
    ['undefined', () => undefined],
    ['null', () => null],
    ['nonsense', () => 'soon' as never],
    ['a bare number', () => 60 as never],
    [
      'a throw',
      () => {
        throw new Error('no idea')
      },
    ],
  ])('%s: the default', async (_name, retryIn) => {
    const { retried, clock } = await failing({ retryIn })
    expect(Number((await retried()).at) - clock.now()).toBe(15 * SECOND)
  })

  test('a throw is logged, and the error handlers hear', async () => {
    const here = pier()
    const told: unknown[] = []
    here.app.onError((error, { message }) => void told.push([error.message, message]))
    const retryIn = () => {
      throw new Error('no idea')
    }
    await here.job('Fail', { retryIn, perform: () => Promise.reject(new Error('boom')) }).performAsync()
    await here.work()
    const message = "a job's own retry rule threw or answered no delay; the default holds"
    expect(told).toEqual([
      ['boom', 'Fail failed'],
      ['no idea', message],
    ])
    const error = expect.objectContaining({ message: 'no idea' })
    expect(here.lines.filter(([level]) => level === 'error')).toEqual([['error', { error }, message]])
  })

  test('is not asked when no retry is left', async () => {
    const { sizes } = await failing({ retry: 0, retryIn: () => '1s' })
    expect(await sizes()).toEqual({ ...NONE, dead: 1 })
  })
})

describe('retryOn and discardOn', () => {
  class Busy extends Error {
    override name = 'Busy'
  }

  test('retryOn: waits and counts its own runs, then dies', async () => {
    const { retried, clock, pass, sizes, runs } = await failing({ retryOn: [{ error: Busy, attempts: 3 }] }, new Busy())
    expect(Number((await retried()).at) - clock.now()).toBe(3 * SECOND)
    expect((await retried()).payload?.exception_executions).toEqual({ Busy: 1 })
    await pass(3 * SECOND)
    await pass(3 * SECOND)
    expect([runs(), await sizes()]).toEqual([3, { ...NONE, dead: 1 }])
  })

  test('retryOn: by name, with a wait that grows', async () => {
    const wait = (executions: number) => ({ seconds: 10 * executions })
    const { retried, clock, pass } = await failing({ retryOn: [{ error: ['Busy', RangeError], wait }] }, new Busy())
    expect(Number((await retried()).at) - clock.now()).toBe(10 * SECOND)
    await pass(10 * SECOND)
    expect(Number((await retried()).at) - clock.now()).toBe(20 * SECOND)
  })

  test('retryOn: a wait that throws is 3 seconds', async () => {
    const wait = () => {
      throw new Error('no idea')
    }
    const { retried, clock } = await failing({ retryOn: [{ error: Busy, wait }] }, new Busy())
    expect(Number((await retried()).at) - clock.now()).toBe(3 * SECOND)
  })

  test('retryOn: another error takes the usual way', async () => {
    const { retried, clock } = await failing({ retryOn: [{ error: Busy }] })
    expect(Number((await retried()).at) - clock.now()).toBe(15 * SECOND)
  })

  test.each([[[Busy]], [['Busy']]])('discardOn: gone at once, and nobody mourns', async (discardOn) => {
    const { sizes, deaths, events } = await failing({ discardOn: discardOn as never }, new Busy())
    expect([await sizes(), deaths.length, events.map(([name]) => name)]).toEqual([NONE, 0, ['job:discarded']])
  })
})

describe('when a job dies', () => {
  test('retriesExhausted is told, then the death handlers, with what is stored', async () => {
    const told: string[] = []
    const here = pier()
    const error = new Error('boom')
    here.app.onDeath(async (payload, given) => {
      await rest(1)
      told.push(`death ${payload.jid} ${given === error}`)
    })
    const retriesExhausted = (payload: Payload, given: Error) => {
      told.push(`exhausted ${payload.error_message} ${given === error}`)
    }
    const perform = () => Promise.reject(error)
    const jid = await here.job('Fail', { retry: 0, retriesExhausted, perform }).performAsync()
    await here.work()
    await rest()
    expect(told).toEqual(['exhausted boom true', `death ${jid} true`])
    expect(await here.app.dead.size()).toBe(1)
  })

  test('a retriesExhausted that throws is logged, and the job is dead', async () => {
    const retriesExhausted = () => {
      throw new Error('not now')
    }
    const { sizes, deaths, lines } = await failing({ retry: 0, retriesExhausted })
    expect([await sizes(), deaths.length]).toEqual([{ ...NONE, dead: 1 }, 1])
    const error = expect.objectContaining({ message: 'not now' })
    expect(lines.filter(([level]) => level === 'error')).toEqual([['error', { error }, 'retriesExhausted threw']])
  })

  test("retriesExhausted may answer 'discard'", async () => {
    const { sizes, deaths } = await failing({ retry: 0, retriesExhausted: async () => 'discard' })
    expect([await sizes(), deaths.length]).toEqual([NONE, 1])
  })

  test('error handlers hear of each failure', async () => {
    const here = pier()
    const told: unknown[] = []
    here.app.onError((error, { payload, message }) => void told.push([error.message, payload?.jid, message]))
    const jid = await here.job('Fail', { perform: () => Promise.reject(new Error('boom')) }).performAsync()
    await here.work()
    expect(told).toEqual([['boom', jid, 'Fail failed']])
  })

  test('the dead set keeps fewer than its most', async () => {
    const here = pier({ deadSet: { max: 4 } })
    const job = here.job('Fail', { retry: 0, perform: () => Promise.reject(new Error()) })
    await job.performBulk(Array.from({ length: 10 }, (_, n) => [n]))
    await here.work({ concurrency: 1 })
    await rest(100)
    expect((await here.app.dead.page()).jobs.map(({ args }) => args[0])).toEqual([7, 8, 9])
  })

  test('the dead set keeps none for longer than its time', async () => {
    const here = pier({ deadSet: { for: '1d' } })
    const job = here.job('Fail', { retry: 0, perform: () => Promise.reject(new Error()) })
    await job.performAsync('old')
    await here.work()
    here.clock.jumpTo(here.clock.now() + DAY + MINUTE)
    await here.pass(SECOND)
    await job.performAsync('new')
    await rest()
    expect((await here.app.dead.page()).jobs.map(({ args }) => args[0])).toEqual(['new'])
  })
})

describe('backtrace', () => {
  test('true: all lines, readable from the retry and the dead set', async () => {
    const { app, retried } = await failing({ backtrace: true })
    await until(async () => (await app.retries.size()) === 1)
    const lines = await (await retried()).backtrace()
    expect(lines.length).toBeGreaterThan(2)
    expect(lines[0]).toMatch(/^at .*fail\.test\.ts/)
    await app.retries.kill((await retried()).jid)
    expect(await (await app.dead.page()).jobs[0]?.backtrace()).toEqual(lines)
  })

  test('n: the first n lines', async () => {
    const { app, retried } = await failing({ backtrace: 2 })
    await until(async () => (await app.retries.size()) === 1)
    expect(await (await retried()).backtrace()).toHaveLength(2)
  })

  test('not asked for: none', async () => {
    const { retried } = await failing()
    expect(await (await retried()).backtrace()).toEqual([])
    expect((await retried()).payload).not.toHaveProperty('error_backtrace')
  })
})

describe('expiresIn', () => {
  test('a job that has not begun in time is discarded, unperformed and uncounted', async () => {
    const here = pier()
    const events = here.heard('job:discarded', 'job:started')
    const { job, noted } = here.noting('Soon', { expiresIn: '1m' })
    const jid = await job.performAsync()
    await here.pass(MINUTE + SECOND)
    await here.work()
    expect(noted).toEqual([])
    expect(events).toEqual([['job:discarded', expect.objectContaining({ jid, reason: 'expired' })]])
    expect(await here.app.stats()).toMatchObject({ enqueued: 0, processed: 0, dead: 0 })
  })

  test('one that begins in time is performed', async () => {
    const here = pier()
    const { job, noted } = here.noting('Soon', { expiresIn: '1m' })
    await job.performIn('1h', 'late')
    await here.work()
    await here.pass(HOUR)
    expect(noted).toEqual(['late'])
  })
})

describe('a job that nobody here knows', () => {
  test.each([[{}], [{ retry: false }], [{ retry: 3 }]])('waits in the retry set: %j', async (fields) => {
    const here = pier()
    here.job('Known', { perform: () => {} })
    await here.app.client.push({ class: 'Know', args: [], ...fields })
    await here.work()
    const [job] = (await here.app.retries.page()).jobs
    expect(job?.error).toMatchObject({
      class: 'UnknownJobError',
      message: expect.stringContaining("did you mean 'Known'?"),
    })
  })

  test('is performed when the name is defined after all', async () => {
    const here = pier()
    await here.app.client.push({ class: 'Late', args: ['x'], retry: false })
    await here.work()
    const { noted } = here.noting('Late')
    await here.pass(MINUTE)
    expect(noted).toEqual(['x'])
  })

  test('is kept in the dead set when its retries are over, whatever it says itself', async () => {
    const here = pier()
    await here.app.client.push({ class: 'Nobody', args: [], retry: 0, dead: false })
    await here.work()
    expect(await here.app.dead.size()).toBe(1)
    expect(here.lines.filter(([level]) => level === 'error')).toEqual([])
  })

  test('one without perform here is retried, too', async () => {
    const here = pier()
    await here.job('Elsewhere', { retry: false }).performAsync()
    await here.work()
    const [job] = (await here.app.retries.page()).jobs
    expect(job?.error).toMatchObject({ message: expect.stringContaining('has no perform here') })
  })

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'no name leads anywhere else: %s',
    async (name) => {
      const here = pier()
      await here.app.client.push({ class: name, args: [] })
      await here.work()
      expect((await here.app.retries.page()).jobs[0]?.error?.class).toBe('UnknownJobError')
    },
  )
})

describe('bytes that are no job', () => {
  test.each([
    ['no JSON', '{"class":"Work","args":[1,'],
    ['nothing', ''],
    ['no class', '{"args":[],"jid":"a"}'],
    ['a class that is no name', '{"class":{"a":1},"args":[],"jid":"a"}'],
    ['no args', '{"class":"Note","jid":"a"}'],
    ['args that are none', '{"class":"Note","args":"x","jid":"a"}'],
    ['no jid', '{"class":"Note","args":[]}'],
  ])('go to the dead set as they are, and the worker goes on: %s', async (_name, text) => {
    const here = pier()
    const storage = await here.inner()
    const bad = { jid: 'bad', queue: 'default', delayMs: 0, text }
    await storage.push([bad], { client: 'test', number: 1 } as never)
    const { job, noted } = here.noting()
    await job.performAsync('good')
    await here.work()
    expect(noted).toEqual(['good'])
    const [dead] = (await here.app.dead.page()).jobs
    expect([dead?.text, dead?.payload, dead?.jid]).toEqual([text, undefined, ''])
    expect(await here.app.stats()).toMatchObject({ processed: 2, failed: 1 })
    expect(here.lines).toContainEqual([
      'error',
      { error: expect.objectContaining({ name: 'MalformedPayloadError' }) },
      "a job of the queue 'default' cannot be read; its text is in the dead set",
    ])
  })

  test.each(['null', '[1]', '12', 'true', ' "text"'])(
    'JSON that is no object becomes the argument of a dead job: %s',
    async (text) => {
      const here = pier()
      const storage = await here.inner()
      await storage.push([{ jid: 'bad', queue: 'low', delayMs: 0, text }], { client: 'test', number: 1 })
      await here.work({ queues: ['low'] })
      const [dead] = (await here.app.dead.page()).jobs
      expect(dead).toMatchObject({ class: 'MalformedPayload', queue: 'low', args: [text] })
      expect(dead?.error).toMatchObject({
        class: 'MalformedPayloadError',
        message: expect.stringContaining('not an object'),
      })
      expect(await here.app.stats()).toMatchObject({ processed: 1, failed: 1, dead: 1, running: 0 })
    },
  )

  test.each([
    ['retry_count', { retry_count: 'many' }],
    ['failed_at', { failed_at: 'once' }],
    ['retry', { retry: 'yes' }],
    ['retry_for', { retry_for: 'long' }],
    ['retry_queue', { retry_queue: { no: 1 } }],
    ['tags', { tags: 7 }],
    ['backtrace', { backtrace: 'all' }],
    ['expires_at', { expires_at: 'never' }],
    ['unique_key', { unique_key: 7, unique_until: 'start' }],
    ['exception_executions', { exception_executions: 'x' }],
    ['error_backtrace', { error_backtrace: 5 }],
    ['queue', { queue: 5 }],
  ])('a field of a strange kind harms nobody: %s', async (_name, fields) => {
    const here = pier()
    const storage = await here.inner()
    const text = JSON.stringify({ class: 'Fail', args: [], jid: 'odd', queue: 'default', ...fields })
    await storage.push([{ jid: 'odd', queue: 'default', delayMs: 0, text }], { client: 'test', number: 1 } as never)
    let runs = 0
    here.job('Fail', {
      retryOn: [{ error: 'Busy' }],
      perform: () => {
        runs++
        throw Object.assign(new Error(), { name: 'Busy' })
      },
    })
    await here.work()
    await until(async () => (await here.app.retries.size()) === 1)
    expect(runs).toBe(1)
    expect(await here.app.stats()).toMatchObject({ retry: 1, running: 0, enqueued: 0 })
    await here.pass(MINUTE)
    expect(runs).toBeGreaterThan(1)
  })
})

describe('whatever is thrown', () => {
  class Getter extends Error {
    override get message(): string {
      throw new Error('no message for you')
    }
  }
  const nameless = Object.assign(new Error('x'), { name: undefined })
  const stackless = Object.assign(new Error('x'), { stack: 7 })
  const trap = new Proxy(
    {},
    {
      get() {
        throw new Error('hands off')
      },
    },
  )

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'NonError'],
    ['null', null, 'NonError'],
    ['a string', 'boom', 'NonError'],
    ['a Symbol', Symbol('boom'), 'NonError'],
    ['an object', { status: 500 }, 'NonError'],
    ['a bigint', 10n, 'NonError'],
    ['a function', () => {}, 'NonError'],
    ['an object without prototype', Object.create(null), 'NonError'],
    ['a frozen error', Object.freeze(new TypeError('cold')), 'TypeError'],
    ['an error without a name', nameless, ''],
    ['an error whose stack is none', stackless, 'Error'],
    ['an error whose message throws', new Getter(), ''],
    ['an object of traps', trap, ''],
  ])('is stored, and the job retried: %s', async (_name, thrown, name) => {
    const { retried, sizes } = await failing({
      backtrace: true,
      perform: () => {
        throw thrown
      },
    })
    await until(async () => (await sizes()).retry === 1)
    expect(await sizes()).toEqual({ ...NONE, retry: 1 })
    const { error } = await retried()
    expect(error?.class).toContain(name)
    expect(typeof error?.message).toBe('string')
  })

  test('of a huge message 10,000 characters are kept, and no half of one', async () => {
    const { retried } = await failing({}, new Error('😀'.repeat(100_000)))
    const message = (await retried()).error?.message ?? ''
    expect(message.length).toBe(10_000)
    expect(message.isWellFormed()).toBe(true)
  })

  test('in the name nothing is kept that a page would have to escape', async () => {
    const { retried } = await failing({}, Object.assign(new Error('x'), { name: '<script>alert(1)</script>' }))
    expect((await retried()).error?.class).toBe('scriptalert1script')
  })
})

describe('what a handler does to its arguments', () => {
  test('is not stored', async () => {
    const here = pier()
    const seen: unknown[] = []
    const job = here.job('Greedy', {
      perform(list: number[], record: Record<string, unknown>) {
        seen.push(structuredClone([list, record]))
        list.push(4)
        record.extra = true
        this.payload.class = 'Other'
        this.payload.retry = false
        throw new Error('again')
      },
    })
    await job.performAsync([1, 2], { a: 1 })
    await here.work()
    expect((await here.app.retries.page()).jobs[0]?.payload).toMatchObject({
      class: 'Greedy',
      args: [[1, 2], { a: 1 }],
    })
    await here.pass(30 * SECOND)
    expect(seen).toEqual([
      [[1, 2], { a: 1 }],
      [[1, 2], { a: 1 }],
    ])
  })

  test('and to this.payload decides nothing', async () => {
    const here = pier()
    const job = here.job('Sly', {
      unique: { for: '1h' },
      perform() {
        Object.assign(this.payload, {
          retry: false,
          retry_queue: 'elsewhere',
          dead: false,
          unique_key: 'other',
          retry_for: 0,
        })
        throw new Error('again')
      },
    })
    const jid = await job.performAsync(1)
    await here.work()
    const [retried] = (await here.app.retries.page()).jobs
    expect(retried?.payload).toMatchObject({ jid, retry: true, queue: 'default', retry_count: 0 })
    expect(await job.performAsync(1)).toBeNull()
  })

  test('big integers and spaces of others come out of a retry as they went in', async () => {
    const here = pier()
    const storage = await here.inner()
    const text = '{ "class": "Fail", "args": [12345678901234567890, 1.0], "jid": "ruby", "queue": "default" }'
    await storage.push([{ jid: 'ruby', queue: 'default', delayMs: 0, text }], { client: 'test', number: 1 } as never)
    here.job('Fail', { perform: () => Promise.reject(new Error('x')) })
    await here.work()
    const [job] = (await here.app.retries.page()).jobs
    expect(job?.text).toContain('"args": [12345678901234567890, 1.0]')
  })
})
