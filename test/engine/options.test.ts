import { afterEach, describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { OptionError, Quayside } from '../../src/index.ts'
import { pier } from './support/pier.ts'
import { rest } from './support/time.ts'

const storage = memoryStorage()

/** What is wrong, whatever the types say. */
type Wrong = never

function thrownBy(call: () => unknown): Error {
  try {
    call()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as { concurrency?: unknown }).concurrency).toBeUndefined()
})

describe('new Quayside', () => {
  test.each<[unknown, string]>([
    [undefined, 'new Quayside() takes an object of options; got undefined.'],
    [[], 'new Quayside() takes an object of options; got [] (array).'],
    [{}, 'new Quayside() needs a storage'],
    [{ storage: {} }, 'storage must be what memoryStorage() or one of its siblings answers; got {} (object).'],
    [{ storage: 'redis://x' }, 'got "redis://x" (string).'],
    [{ storage, storag: 1 }, 'did you mean "storage"?'],
    [
      { storage, logger: true },
      'logger must be an object with debug, info, warn and error methods, or false; got true (boolean).',
    ],
    [{ storage, logger: { info() {} } }, 'logger must be'],
    [{ storage, namespace: 'a b' }, 'namespace must be a string of letters, digits'],
    [{ storage, namespace: 5 }, 'namespace must be'],
    [{ storage, namespace: null }, 'namespace must be'],
    [{ storage, defaults: 3 }, 'defaults must be an object of job options; got 3 (number).'],
    [{ storage, defaults: { retry: 'x' } }, 'new Quayside(): defaults: retry must be true, false or a whole number'],
    [{ storage, defaults: { que: 'x' } }, 'did you mean "queue"?'],
    [{ storage, defaults: { perform() {} } }, 'perform'],
    [
      { storage, deadSet: { max: 0 } },
      'new Quayside(): deadSet: max must be a whole number of at least 1; got 0 (number).',
    ],
    [{ storage, deadSet: { for: 5 } }, "deadSet: for must be a duration such as '10m'"],
    [{ storage, production: 'yes' }, 'production must be true or false; got "yes" (string).'],
    [{ storage, clock: 5 }, 'clock must be'],
  ])('%o: %s', (options, message) => {
    const error = thrownBy(() => new Quayside(options as Wrong))
    expect(error).toBeInstanceOf(OptionError)
    expect(error.message).toContain(message)
  })
})

describe('app.job', () => {
  test.each<[unknown, unknown, string]>([
    ['', {}, 'A job\'s name must be a string that is not empty, without < and >; got "" (string).'],
    ['Mail<User>', {}, 'A job\'s name must be a string that is not empty, without < and >; got "Mail<User>" (string).'],
    [undefined, {}, "A job's name must be a string that is not empty, without < and >; got undefined."],
    ['J', 5, "app.job('J') takes an object of options; got 5 (number)."],
    ['J', () => {}, "app.job('J') takes an object of options"],
    ['J', { performs() {} }, 'did you mean "perform"?'],
    ['J', { perform: 1 }, "app.job('J'): perform must be a function; got 1 (number)."],
    ['J', { queue: 'a b' }, "app.job('J'): queue must be a queue name"],
    ['J', { queue: '' }, 'queue must be'],
    ['J', { queue: 'x'.repeat(129) }, 'queue must be'],
    ['J', { retry: -1 }, 'retry must be true, false or a whole number of at least 0; got -1 (number).'],
    ['J', { retry: 1.5 }, 'retry must be'],
    ['J', { retryFor: 60 }, 'retryFor must be a duration'],
    ['J', { timeout: 30 }, 'timeout must be a duration'],
    ['J', { timeout: '0s' }, 'timeout must be a duration'],
    ['J', { retryIn: '5m' }, 'retryIn must be a function'],
    ['J', { retryOn: {} }, 'retryOn must be an array'],
    ['J', { retryOn: [{}] }, "app.job('J'): retryOn[0].error is missing: which errors?"],
    ['J', { retryOn: [{ error: 'E', wait: 5 }] }, "app.job('J'): retryOn[0]: wait must be a duration"],
    ['J', { retryOn: [{ error: 'E', attempts: 0 }] }, 'retryOn[0]: attempts must be a whole number of at least 1'],
    ['J', { retryOn: [{ error: 'E', waits: '5s' }] }, 'did you mean "wait"?'],
    ['J', { discardOn: 'Error' }, 'discardOn must be an array of error classes or names'],
    ['J', { tags: 'x' }, 'tags must be an array of strings'],
    ['J', { dead: 0 }, 'dead must be true or false'],
    ['J', { backtrace: 'all' }, 'backtrace must be'],
    ['J', { expiresIn: 60 }, 'expiresIn must be a duration'],
    ['J', { durability: 'eventual' }, "durability must be 'relaxed' or 'strict'"],
    ['J', { unique: true }, 'unique must be an object'],
    ['J', { unique: {} }, "app.job('J'): unique.for is missing"],
    [
      'J',
      { unique: { for: '1h', until: 'done' } },
      "app.job('J'): unique: until must be 'start' or 'success'; got \"done\" (string).",
    ],
    ['J', { unique: { for: '1h', onConflict: 'raise' } }, "onConflict must be 'null' or 'jid'"],
    ['J', { retriesExhausted: 1 }, 'retriesExhausted must be a function'],
    ['J', { wait: '5m' }, 'wait'],
  ])('%o %o: %s', (name, spec, message) => {
    const { app } = pier()
    const error = thrownBy(() => app.job(name as Wrong, spec as Wrong))
    expect(error).toBeInstanceOf(OptionError)
    expect(error.message).toContain(message)
  })

  test('a name defined twice: the later holds, with a warning', async () => {
    const here = pier({ production: false })
    const noted: string[] = []
    here.job('Twice', { perform: () => void noted.push('first') })
    await here.job('Twice', { perform: () => void noted.push('second') }).performAsync()
    await here.work()
    expect(noted).toEqual(['second'])
    expect(here.lines[0]).toEqual([
      'warn',
      { job: 'Twice' },
      "The job 'Twice' is defined twice; the later definition holds",
    ])
  })

  test('a name defined twice in production: an error', () => {
    const here = pier({ production: true })
    here.job('Twice')
    expect(() => here.job('Twice')).toThrow("The job 'Twice' is defined twice; give one of them another name.")
  })
})

describe('set and its family', () => {
  test.each<[unknown, string]>([
    [undefined, 'J.set() takes an object of options; got undefined.'],
    [{ queu: 'x' }, 'did you mean "queue"?'],
    [{ wait: 10 }, 'J.set(): wait must be a duration'],
    [{ waitUntil: 'tomorrow' }, 'J.set(): waitUntil must be a valid Date; got "tomorrow" (string).'],
    [{ waitUntil: new Date(Number.NaN) }, 'waitUntil must be a valid Date'],
    [{ wait: '1s', waitUntil: new Date(0) }, 'J.set() takes wait or waitUntil, not both.'],
    [{ jid: 'a b' }, 'jid must be a string without spaces'],
    [{ jid: "a'b" }, 'jid must be a string without spaces, quotes, < and >'],
    [{ jid: 7 }, 'jid must be a string without spaces, quotes, < and >; got 7 (number).'],
    [{ timeout: '1s' }, 'timeout'],
  ])('set(%o): %s', (options, message) => {
    const job = pier().job('J')
    expect(thrownBy(() => job.set(options as Wrong)).message).toContain(message)
  })

  test('performIn, performAt and performBulk reject what is wrong', async () => {
    const job = pier().job('J')
    await expect(job.performIn(10 as Wrong)).rejects.toThrow(
      "J.performIn(): wait must be a duration such as '10m' or { minutes: 10 }; got 10 (number). A bare number has no unit",
    )
    await expect(job.performIn('-5m' as Wrong)).rejects.toThrow('J.performIn(): wait must be')
    await expect(job.performAt('tomorrow' as Wrong)).rejects.toThrow('J.performAt(): at must be a valid Date')
    await expect(job.performBulk([[1]], { spread: 10 as Wrong })).rejects.toThrow('J.performBulk(): spread must be')
    await expect(job.performBulk([[1]], { spraed: '1m' } as Wrong)).rejects.toThrow('did you mean "spread"?')
  })
})

describe('app.work', () => {
  test.each<[unknown, string]>([
    [5, 'app.work() takes an object of options; got 5 (number).'],
    [{ concurency: 5 }, 'did you mean "concurrency"?'],
    [{ concurrency: 0 }, 'app.work(): concurrency must be a whole number from 1 to 10000; got 0 (number).'],
    [{ concurrency: '5' }, 'concurrency must be'],
    [{ queues: [] }, 'app.work(): queues must be a list of queue names'],
    [{ queues: 'default' }, 'queues must be'],
    [{ queues: ['a b'] }, 'queues must be'],
    [{ queues: { high: 0 } }, 'queues must be'],
    [{ queues: { high: '3' } }, 'queues must be'],
    [{ queues: {} }, 'queues must be'],
    [{ order: 'fair' }, "order must be 'strict' or 'weighted' or 'random'; got \"fair\" (string)."],
    [{ capsules: [] }, 'capsules must be an object of capsules by name'],
    [{ capsules: { a: 5 } }, 'app.work(): capsules.a takes an object of options; got 5 (number).'],
    [{ capsules: { a: {} } }, 'app.work(): capsules.a.queues is missing'],
    [{ capsules: { a: { queue: ['x'] } } }, 'did you mean "queues"?'],
    [{ capsules: { a: { queues: ['x'], concurrency: -1 } } }, 'app.work(): capsules.a: concurrency must be'],
    [{ name: 'a b' }, 'name must be a name without spaces'],
    [{ name: '' }, 'name must be'],
    [{ tag: 5 }, 'tag must be a string'],
    [{ labels: 'x' }, 'labels must be an array of strings'],
    [{ timeout: 25 }, 'timeout must be a duration'],
    [{ heartbeat: '10s', lease: '15s' }, 'app.work(): lease must be at least twice the heartbeat; got "15s" (string).'],
    [{ heartbeat: '0s' }, 'heartbeat'],
  ])('%o: %s', (options, message) => {
    const { app, tap } = pier()
    const error = thrownBy(() => app.work(options as Wrong))
    expect(error).toBeInstanceOf(OptionError)
    expect(error.message).toContain(message)
    expect(tap.calls).toEqual([])
  })

  test('stop refuses what is wrong, and the worker works on', async () => {
    const here = pier()
    const worker = await here.work()
    expect(() => worker.stop({ timeout: 5 as Wrong })).toThrow('worker.stop(): timeout must be a duration')
    expect(() => worker.stop({ timout: '5s' } as Wrong)).toThrow('did you mean "timeout"?')
    expect(worker.health().status).toBe('running')
  })
})

describe('inspection', () => {
  test.each<[unknown, string]>([
    [{ offset: -1 }, 'page(): offset must be a whole number of at least 0; got -1 (number).'],
    [{ limit: 0 }, 'page(): limit must be a whole number from 1 to 1000; got 0 (number).'],
    [{ limit: 1_001 }, 'limit must be'],
    [{ reverse: 1 }, 'page(): reverse must be true or false; got 1 (number).'],
    [{ limits: 1 }, 'did you mean "limit"?'],
    [7, 'page() takes an object of options; got 7 (number).'],
  ])('page(%o): %s', async (options, message) => {
    await expect(pier().app.dead.page(options as Wrong)).rejects.toThrow(message)
  })

  test.each<unknown>(['', 'a b', 'a/b', 'é', 5, undefined, null, ['default'], 'x'.repeat(129)])(
    'no queue is named %o',
    (name) => {
      expect(() => pier().app.queue(name as Wrong)).toThrow('app.queue(): the name must be a queue name')
    },
  )

  test('signal takes the signals there are', async () => {
    await expect(pier().app.signal('worker', 'die' as Wrong)).rejects.toThrow("'quiet' or 'stop' or 'dump'")
  })
})

describe('handlers, listeners and middleware', () => {
  test('must be functions', () => {
    const { app } = pier()
    expect(() => app.onError(1 as Wrong)).toThrow('app.onError() takes a function; got 1 (number).')
    expect(() => app.onDeath(undefined as Wrong)).toThrow('app.onDeath() takes a function; got undefined.')
    expect(() => app.on('job:failed', {} as Wrong)).toThrow('A listener must be a function')
    expect(() => app.use('x' as Wrong)).toThrow('A middleware must be a function')
    expect(() => app.useWorker(null as Wrong)).toThrow('A middleware must be a function')
  })
})

describe('names that objects have by themselves are names as any', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']

  test.each(NAMES)('of a job: %s', async (name) => {
    const here = pier()
    const { job, noted } = here.noting(name)
    await job.performAsync(1)
    await here.work()
    expect(noted).toEqual([1])
  })

  test.each(NAMES)('of a queue and a capsule: %s', async (name) => {
    const here = pier()
    const { job, noted } = here.noting('Work', { queue: name })
    await job.performAsync(1)
    expect(await here.app.queue(name).size()).toBe(1)
    await here.work({ capsules: Object.fromEntries([[name, { queues: Object.fromEntries([[name, 2]]) }]]) })
    await rest()
    expect(noted).toEqual([1])
    const [worker] = await here.app.workers()
    expect(Object.keys(worker?.capsules ?? {})).toEqual([name])
    await here.pass(20_000)
    await job.performAsync(2)
    await here.pass(1_000)
    expect(noted).toEqual([1, 2])
  })

  test.each(NAMES)('of an option they are unknown: %s', (name) => {
    const options = Object.fromEntries([[name, 1]])
    const here = pier()
    expect(() => here.job('J', options as Wrong)).toThrow(OptionError)
    expect(() => here.app.work(options as Wrong)).toThrow(OptionError)
    expect(() => here.job('J').set(options as Wrong)).toThrow(OptionError)
  })
})
