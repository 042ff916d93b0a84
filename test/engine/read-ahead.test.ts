import { describe, expect, test } from 'vitest'
import type { Exchange, Exchanged } from '../../src/index.ts'
import { later, pier } from './support/pier.ts'
import { MINUTE, rest, SECOND } from './support/time.ts'

/** How long the storage takes to answer. */
const FAR = 2

/** An app whose storage is far away, and what its worker asked of it. */
function far() {
  const here = pier()
  const asked: Exchange[] = []
  const answers: Exchanged[] = []
  here.tap.on('exchange', async (call, exchange) => {
    asked.push(exchange)
    const answer = await call()
    await new Promise<void>((resolve) => here.clock.after(FAR, resolve))
    answers.push(answer)
    return answer
  })
  /** Runs so many jobs that are over at once: the worker learns that they are short. */
  const learn = async (jobs: number) => {
    await here.job('Short', { perform() {} }).performBulk(Array.from({ length: jobs }, () => []))
    await here.pass(SECOND)
  }
  return { ...here, asked, answers, learn }
}

describe('while jobs are over sooner than the storage answers', () => {
  test.each([
    [1, 16],
    [3, 16],
    [20, 20],
  ])('a worker of %i slots claims twice %i, and performs all once, in order', async (concurrency, window) => {
    const { app, work, pass, noting, learn, asked } = far()
    const { job, noted } = noting()
    await work({ concurrency, queues: ['default'] })
    await learn(60)
    asked.length = 0
    await job.performBulk(Array.from({ length: 150 }, (_, index) => [index]))
    await pass(SECOND)
    expect(noted).toEqual(Array.from({ length: 150 }, (_, index) => index))
    expect(asked.some(({ limit, ahead }) => limit === 2 * window && ahead === window)).toBe(true)
    expect(asked.every(({ limit, ahead }) => limit <= 2 * window && ahead <= window)).toBe(true)
    expect(await app.stats()).toMatchObject({ enqueued: 0, running: 0, processed: 210 })
  })

  test('the storage is told of a job that was read ahead before it begins', async () => {
    const { work, pass, job, learn, asked, answers } = far()
    const told: boolean[] = []
    const isTold = (jid: string): boolean => {
      const of = (exchange: Exchange) => answers[asked.indexOf(exchange)]?.jobs ?? []
      for (const exchange of asked) {
        const index = of(exchange).findIndex(({ text }) => text.includes(jid))
        if (index < 0) continue
        const token = of(exchange)[index]?.token as number
        return index < exchange.limit - exchange.ahead || asked.some(({ begun }) => begun.includes(token))
      }
      return false
    }
    await work({ concurrency: 2, queues: ['default'] })
    await learn(20)
    const noting = job('Told', {
      perform() {
        told.push(isTold(this.jid))
      },
    })
    await noting.performBulk(Array.from({ length: 20 }, () => []))
    await pass(SECOND)
    expect(told).toEqual(Array(20).fill(true))
    expect(asked.some(({ begun }) => begun.length > 0)).toBe(true)
  })
})

test('jobs that take their time are not read ahead', async () => {
  const { work, pass, job, clock, asked } = far()
  const perform = () => new Promise<void>((resolve) => void clock.after(20, resolve))
  await job('Long', { perform }).performBulk(Array.from({ length: 20 }, () => []))
  await work({ concurrency: 2 })
  await pass(SECOND)
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter(({ ahead }) => ahead > 0)).toEqual([])
})

test('one short job among long ones changes nothing; many of them do', async () => {
  const { work, pass, job, clock, asked, learn } = far()
  const long = job('Long', { perform: () => new Promise<void>((resolve) => void clock.after(20, resolve)) })
  await work({ concurrency: 1, queues: ['default'] })
  await long.performBulk([[], [], []])
  await job('Short', { perform() {} }).performAsync()
  await long.performBulk([[], [], []])
  await pass(SECOND)
  expect(asked.filter(({ ahead }) => ahead > 0)).toEqual([])
  await learn(40)
  expect(asked.filter(({ ahead }) => ahead > 0)).not.toEqual([])
})

test('one answer that takes long changes nothing', async () => {
  const { work, pass, job, clock, tap } = pier()
  const asked: Exchange[] = []
  tap.on('exchange', async (call, exchange) => {
    asked.push(exchange)
    const answer = await call()
    await new Promise<void>((resolve) => clock.after(asked.length === 5 ? 6 : FAR, resolve))
    return answer
  })
  const perform = () => new Promise<void>((resolve) => void clock.after(FAR + 1, resolve))
  await job('Short', { perform }).performBulk(Array.from({ length: 20 }, () => []))
  await work({ concurrency: 1 })
  await pass(SECOND)
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter(({ ahead }) => ahead > 0)).toEqual([])
})

test('a storage in the same memory is not asked for more than there are slots', async () => {
  const { work, pass, job, tap } = pier()
  const limits: number[] = []
  tap.on('exchange', (call, { limit }) => {
    limits.push(limit)
    return call()
  })
  await job('Short', { perform() {} }).performBulk(Array.from({ length: 30 }, () => []))
  await work({ concurrency: 3 })
  await pass(SECOND)
  expect(Math.max(...limits)).toBe(3)
})

/** A worker of one slot that performs a long job, with another one read ahead behind it. */
async function oneWaits() {
  const here = far()
  const { promise, resolve } = later()
  const { noted, job } = here.noting()
  const worker = await here.work({ concurrency: 1, queues: ['default'] })
  await here.learn(20)
  await here.job('Long', { perform: () => promise }).performAsync()
  const jid = (await job.performAsync('behind')) as string
  for (let turn = 0; turn < FAR; turn++) {
    await here.clock.advance(1)
    await rest()
  }
  expect(await here.app.stats()).toMatchObject({ running: 2, enqueued: 0 })
  return { ...here, worker, jid, noted, finish: resolve }
}

describe('a job that was read ahead', () => {
  test('goes back when no slot is free within 5 ms', async () => {
    const { app, clock, finish, noted, pass } = await oneWaits()
    await clock.advance(4 + FAR)
    expect((await app.stats()).enqueued).toBe(0)
    await clock.advance(1 + FAR)
    await rest()
    expect(await app.stats()).toMatchObject({ running: 1, enqueued: 1 })
    finish()
    await pass(SECOND)
    expect(noted).toEqual(['behind'])
  })

  test('goes back when the worker is quiet', async () => {
    const { app, worker, pass, noted, finish } = await oneWaits()
    await worker.quiet()
    await pass(SECOND)
    expect(await app.stats()).toMatchObject({ running: 1, enqueued: 1 })
    finish()
    const stopping = worker.stop()
    await pass(SECOND)
    await stopping
    expect([noted, await app.queue('default').size()]).toEqual([[], 1])
  })

  test('goes back at once when it is cancelled, and is gone', async () => {
    const { app, clock, jid, asked, noted, finish, pass } = await oneWaits()
    await clock.advance(FAR)
    asked.length = 0
    expect(await app.cancel(jid)).toBe('running')
    await rest()
    expect(asked[0]?.settlements).toEqual([{ token: expect.any(Number), to: 'queue', tally: 'none' }])
    finish()
    await pass(SECOND)
    expect(noted).toEqual([])
    expect(await app.stats()).toMatchObject({ running: 0, enqueued: 0, retry: 0, dead: 0 })
  })

  test('never begins when it is cancelled before the worker has it', async () => {
    const { app, jid, pass, noted, finish } = await oneWaits()
    expect(await app.cancel(jid)).toBe('running')
    await pass(SECOND)
    finish()
    await pass(SECOND)
    expect(noted).toEqual([])
    expect(await app.stats()).toMatchObject({ running: 0, enqueued: 0, retry: 0, dead: 0 })
  })

  test('is not lost when the answer to its claim is', async () => {
    const { work, pass, noting, learn, tap, clock } = far()
    const { job, noted } = noting()
    await work({ concurrency: 2, queues: ['default'] })
    await learn(20)
    await job.performBulk(Array.from({ length: 30 }, (_, index) => [index]))
    tap.weather = 'down'
    await clock.advance(SECOND)
    tap.weather = 'fair'
    await pass(MINUTE)
    expect(noted.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, index) => index))
  })
})
