import { describe, expect, test } from 'vitest'
import { App, type AppOptions } from '../../src/app.ts'
import type { Payload } from '../../src/payload.ts'
import type { Entry, Storage } from '../../src/storage.ts'
import { ManualClock } from '../conformance/manual-clock.ts'

/** An app whose storage keeps what is pushed, and no more than that. */
function appWith(options: Partial<AppOptions> = {}) {
  const entries: Entry[] = []
  const push = async (pushed: readonly Entry[]) => {
    entries.push(...pushed)
    return []
  }
  const storage = () => ({ push }) as never as Storage
  const clock = new ManualClock()
  const app = new App({ storage, clock, logger: false, ...options })
  const payloads = (): Payload[] => entries.map(({ text }) => JSON.parse(text))
  return { app, clock, entries, payloads }
}
const nested = (levels: number): unknown => (levels === 1 ? [] : [nested(levels - 1)])
const through = async (_push: unknown, next: () => Promise<void>) => await next()

describe('an option that is undefined is not given', () => {
  test('for one enqueue: the definition holds', async () => {
    const { app, payloads } = appWith()
    const job = app.job('A', { queue: 'low', retry: false, tags: ['t'] })
    await job.set({ queue: undefined, retry: undefined, tags: undefined }).performAsync()
    expect(payloads()).toMatchObject([{ queue: 'low', retry: false, tags: ['t'] }])
  })

  test('in a definition: the defaults hold', async () => {
    const { app, payloads } = appWith({ defaults: { queue: 'low', retry: 3 } })
    const job = app.job('A', { queue: undefined, retry: undefined })
    await job.performAsync()
    expect(payloads()).toMatchObject([{ queue: job.queue, retry: 3 }])
    expect(job.queue).toBe('low')
  })

  test('in a payload: what is missing is filled in', async () => {
    const { app, payloads } = appWith()
    await app.client.push({
      class: 'A',
      args: [],
      retry: undefined,
      queue: undefined,
      jid: undefined,
      created_at: undefined,
    } as never)
    expect(payloads()).toMatchObject([
      { retry: true, queue: 'default', jid: expect.any(String), created_at: expect.any(Number) },
    ])
  })
})

describe('what is refused does not depend on whether there is middleware', () => {
  test.each([[false], [true]])(
    'an argument of 98 levels passes, one of 99 does not (middleware: %s)',
    async (isThere) => {
      const { app, entries } = appWith()
      if (isThere) app.use(through)
      const job = app.job<[unknown[]]>('A') as never as { performAsync(argument: unknown): Promise<string | null> }
      await job.performAsync(nested(98))
      await expect(job.performAsync(nested(99))).rejects.toMatchObject({ code: 'ERR_ARGUMENT' })
      expect(entries).toHaveLength(1)
    },
  )

  test.each([[false], [true]])('a field that JSON would change (middleware: %s)', async (isThere) => {
    const { app, entries } = appWith()
    if (isThere) app.use(through)
    const push = app.client.push({ class: 'A', args: [], since: new Date() })
    await expect(push).rejects.toMatchObject({ code: 'ERR_ARGUMENT', path: 'payload.since' })
    expect(entries).toEqual([])
  })
})

describe('a jid', () => {
  test.each([[false], [true]])('is known to storage as chosen where it is one (middleware: %s)', async (isThere) => {
    const { app, entries } = appWith()
    if (isThere) app.use(through)
    await app.job('A').performAsync()
    await app.job('A').set({ jid: 'mine' }).performAsync()
    await app.client.push({ class: 'A', args: [] })
    await app.client.push({ class: 'A', args: [], jid: 'ours' })
    expect(entries.map(({ chosen }) => chosen)).toEqual([false, true, false, true])
  })
})

test('performInline of an app that only enqueues says what to import', async () => {
  await expect(
    appWith()
      .app.job('A', { perform: () => {} })
      .performInline(),
  ).rejects.toThrow("performInline() needs the worker's code: import { Quayside } from 'quayside'.")
})

describe('when it is due', () => {
  test('now: in its queue, with enqueued_at', async () => {
    const { app, entries, payloads } = appWith()
    await app.job('A').performAsync()
    expect(entries[0]?.delayMs).toBe(0)
    expect(payloads()[0]?.enqueued_at).toBe(payloads()[0]?.created_at)
  })

  test('later: with a delay, and no enqueued_at', async () => {
    const { app, clock, entries, payloads } = appWith()
    const job = app.job('A')
    await job.performIn('10m')
    await job.performAt(new Date(clock.now() + 5_000))
    await job.set({ wait: '1h' }).performAsync()
    await job.set({ wait: '1h' }).performAt(new Date(clock.now() + 7_000))
    expect(entries.map(({ delayMs }) => delayMs)).toEqual([600_000, 5_000, 3_600_000, 7_000])
    expect(payloads().filter((payload) => 'enqueued_at' in payload)).toEqual([])
  })

  test('an expiry counts from when it is due', async () => {
    const { app, clock, payloads } = appWith()
    const job = app.job('A', { expiresIn: '1h' })
    const now = clock.now()
    await job.performAsync()
    await job.performIn('10m')
    expect(payloads().map(({ expires_at }) => Math.round(((expires_at as number) * 1_000 - now) / 60_000))).toEqual([
      60, 70,
    ])
  })

  test.each([[10], ['soon'], [undefined]])('performIn refuses %j', async (wait) => {
    const { app, entries } = appWith()
    await expect(app.job('A').performIn(wait as never)).rejects.toThrow(
      'A.performIn(): wait must be a duration such as',
    )
    expect(entries).toEqual([])
  })

  test.each([[new Date(Number.NaN)], [1_795_313_135], ['2026-12-24']])('performAt refuses %o', async (at) => {
    const { app, entries } = appWith()
    await expect(app.job('A').performAt(at as never)).rejects.toThrow('A.performAt(): at must be a valid Date; got ')
    expect(entries).toEqual([])
  })
})

describe('a definition', () => {
  test.each<[object, string]>([
    [{ retrys: 3 }, `app.job('A') has no option "retrys"; did you mean "retry"?`],
    [{ timeout: 10 }, `app.job('A'): timeout must be a duration such as '10m' or { minutes: 10 }; got 10 (number).`],
    [
      { timeout: '0s' },
      `app.job('A'): timeout must be a duration such as '10m' or { minutes: 10 }; got "0s" (string).`,
    ],
    [
      { queue: 'a b' },
      `app.job('A'): queue must be a queue name of 1 to 128 letters, digits, and _ . : -; got "a b" (string).`,
    ],
    [{ perform: 7 }, `app.job('A'): perform must be a function; got 7 (number).`],
    [{ retryOn: [{ wait: '1s' }] }, `app.job('A'): retryOn[0].error is missing: which errors?`],
    [
      { retryOn: [{ error: 'X', attempts: 0 }] },
      `app.job('A'): retryOn[0]: attempts must be a whole number of at least 1; got 0 (number).`,
    ],
    [{ unique: {} }, `app.job('A'): unique.for is missing: how long may the lock last?`],
    [
      { unique: { for: '1m', until: 'end' } },
      `app.job('A'): unique: until must be 'start' or 'success'; got "end" (string).`,
    ],
  ])('%j is refused: %s', (spec, message) => {
    expect(() => appWith().app.job('A', spec as never)).toThrow(message)
  })

  test.each([[() => 'Declined'], [Object.assign(() => {}, { prototype: undefined })]])(
    'no function that is no class stands for errors: it would throw when a job fails',
    (match) => {
      expect(() => appWith().app.job('A', { discardOn: [match as never] })).toThrow(
        'discardOn must be an array of error classes',
      )
      expect(() => appWith().app.job('A', { retryOn: [{ error: match as never }] })).toThrow(
        'error must be an error class',
      )
    },
  )

  test('a namespace is a string', () => {
    for (const namespace of [null, 7, ['a'], 'a b']) {
      expect(() => appWith({ namespace: namespace as never })).toThrow('namespace must be a string of letters')
    }
  })

  test('twice is an error in production, and else the later one holds, with a warning', () => {
    const strict = appWith({ production: true }).app
    strict.job('A')
    expect(() => strict.job('A')).toThrow("The job 'A' is defined twice; give one of them another name.")
    const { app } = appWith({ production: false })
    app.job('A', { queue: 'one' })
    expect(app.job('A', { queue: 'two' }).queue).toBe('two')
  })
})

describe('perform, called directly', () => {
  test('is the plain function, on a run that belongs to nobody', async () => {
    const { app, entries } = appWith()
    const job = app.job('A', {
      perform(n: number) {
        this.log.info({}, 'silent')
        this.progress(0.5)
        return [n, this.jid, this.attempt, this.stopping, this.signal.aborted]
      },
    })
    expect(job.perform(7)).toEqual([7, '0'.repeat(24), 1, false, false])
    expect(entries).toEqual([])
  })

  test('has no app', () => {
    const job = appWith().app.job('A', {
      perform() {
        return this.app
      },
    })
    expect(() => job.perform()).toThrow('this.app is missing: perform() was called directly')
  })

  test('of a job that is performed elsewhere says so', () => {
    expect(() => appWith().app.job('A').perform()).toThrow("The job 'A' has no perform: it is performed elsewhere.")
  })
})
