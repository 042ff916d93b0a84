import { describe, expect, test } from 'vitest'
import type { StoredJob } from '../../src/index.ts'
import { later, pier } from './support/pier.ts'
import { DAY, HOUR, MINUTE, rest, SECOND } from './support/time.ts'

const argsOf = (jobs: readonly StoredJob[]) => jobs.map(({ args }) => args[0])

async function all(jobs: AsyncIterable<StoredJob>): Promise<StoredJob[]> {
  const list: StoredJob[] = []
  for await (const job of jobs) list.push(job)
  return list
}

/** A queue of jobs with the arguments 0, 1, 2 and so on. */
async function queued(count: number) {
  const here = pier()
  const jids = (await here.job('Work').performBulk(Array.from({ length: count }, (_, n) => [n]))) as string[]
  return { ...here, jids, queue: here.app.queue('default') }
}

/** Jobs in the retry and in the dead set. */
async function failed(count = 3) {
  const here = pier()
  const lists = Array.from({ length: count }, (_, n) => [n])
  const perform = () => Promise.reject(new Error('boom'))
  const retryIn = (_: number, __: Error, { args }: { args: unknown[] }) => ({ minutes: 10 + (args[0] as number) })
  const retried = (await here.job('Retried', { perform, retryIn }).performBulk(lists)) as string[]
  const dead = (await here.job('Dead', { perform, retry: 0 }).performBulk(lists)) as string[]
  const worker = await here.work({ concurrency: 1 })
  await rest(50)
  await worker.stop()
  return { ...here, retried, dead }
}

describe('queues', () => {
  test('are listed by name, with size, latency and whether they are paused', async () => {
    const { app, job, pass } = pier()
    await job('A', { queue: 'beta' }).performAsync()
    await pass(2 * SECOND)
    await job('A', { queue: 'alpha' }).performBulk([[], []])
    await app.queue('gamma').pause()
    await pass(SECOND)
    expect(await app.queues()).toEqual([
      { name: 'alpha', size: 2, latencyMs: 999, paused: false },
      { name: 'beta', size: 1, latencyMs: 2_999, paused: false },
      { name: 'gamma', size: 0, latencyMs: 0, paused: true },
    ])
  })

  test('tell size, latency and pause one by one; of an unknown one, too', async () => {
    const { app, queue, pass } = await queued(3)
    await pass(10 * SECOND)
    expect([await queue.size(), await queue.isPaused()]).toEqual([3, false])
    expect(await queue.latencyMs()).toBeCloseTo(10 * SECOND, -1)
    await queue.pause()
    expect(await queue.isPaused()).toBe(true)
    await queue.resume()
    expect(await queue.isPaused()).toBe(false)
    const none = app.queue('none')
    expect([await none.size(), await none.latencyMs(), await none.isPaused(), await none.page()]).toEqual([
      0,
      0,
      false,
      { jobs: [], total: 0 },
    ])
  })

  test('show pages, from either end', async () => {
    const { queue } = await queued(60)
    const page = await queue.page()
    expect([page.total, argsOf(page.jobs)]).toEqual([60, Array.from({ length: 25 }, (_, n) => n)])
    expect(argsOf((await queue.page({ offset: 50, limit: 20 })).jobs)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59])
    expect(argsOf((await queue.page({ limit: 2, reverse: true })).jobs)).toEqual([59, 58])
    expect((await queue.page({ offset: 60 })).jobs).toEqual([])
  })

  test('find a job by jid', async () => {
    const { queue, jids, job, clock } = await queued(1_200)
    const found = await queue.find(jids[1_100] as string)
    expect(found).toMatchObject({ jid: jids[1_100], class: 'Work', queue: 'default', args: [1_100], at: undefined })
    expect(found?.createdAt?.getTime()).toBe(clock.now() + 1)
    expect(found?.enqueuedAt?.getTime()).toBe(clock.now() + 1)
    expect([found?.failedAt, found?.error]).toEqual([undefined, undefined])
    expect(await queue.find('nobody')).toBeUndefined()
    await job('Odd').set({ jid: 'a\\b\\é' }).performAsync('odd')
    expect((await queue.find('a\\b\\é'))?.args).toEqual(['odd'])
  })

  test('do not take a jid in the arguments for the jid', async () => {
    const { queue, jids, job } = await queued(2)
    await queue.delete(jids[0] as string)
    await job('Other').performAsync(jids[0])
    expect(await queue.find(jids[0] as string)).toBeUndefined()
  })

  test('are scanned for a text, as far as one wants', async () => {
    const { queue, job, tap } = await queued(1_200)
    await job('Special').performAsync('needle')
    expect(argsOf(await all(queue.scan('needle')))).toEqual(['needle'])
    expect(await all(queue.scan())).toHaveLength(1_201)
    tap.calls.length = 0
    for await (const _ of queue.scan()) break
    expect(tap.count('scan')).toBe(1)
  })

  test('delete one, and clear all', async () => {
    const { queue, jids, app } = await queued(5)
    expect(await queue.delete(jids[2] as string)).toBe(true)
    expect(await queue.delete(jids[2] as string)).toBe(false)
    expect(argsOf((await queue.page()).jobs)).toEqual([0, 1, 3, 4])
    expect(await queue.clear()).toBe(4)
    expect(await app.queues()).toEqual([])
  })
})

describe('the scheduled set', () => {
  test('shows what is due, soonest first', async () => {
    const { app, job, clock } = pier()
    await job('Work').performIn('2h', 'later')
    await job('Work').performIn('1h', 'sooner')
    const { jobs, total } = await app.scheduled.page()
    expect([total, argsOf(jobs)]).toEqual([2, ['sooner', 'later']])
    expect(jobs[0]?.at).toEqual(new Date(clock.now() + HOUR))
    expect(jobs[0]?.enqueuedAt).toBeUndefined()
  })

  test('lets one run now', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    const jid = (await job.performIn('1h', 'x')) as string
    await here.work()
    expect(await here.app.scheduled.retry(jid)).toBe(true)
    await rest()
    expect([noted, await here.app.scheduled.size()]).toEqual([['x'], 0])
  })

  test('sends one to the dead set', async () => {
    const { app, job } = pier()
    const jid = (await job('Work').performIn('1h', 'x')) as string
    const deaths: string[] = []
    app.onDeath((payload, error) => deaths.push(`${payload.jid}: ${error.message}`))
    expect(await app.scheduled.kill(jid)).toBe(true)
    expect(await app.scheduled.kill(jid)).toBe(false)
    expect(argsOf((await app.dead.page()).jobs)).toEqual(['x'])
    expect(deaths).toEqual([`${jid}: The job was killed by hand.`])
  })
})

describe('the retry set', () => {
  test('shows what failed, and why', async () => {
    const { app, retried } = await failed()
    const { jobs } = await app.retries.page()
    expect(jobs.map(({ jid }) => jid)).toEqual(retried)
    expect(jobs[0]?.error).toEqual({ class: 'Error', message: 'boom' })
    expect(jobs[0]?.failedAt).toBeInstanceOf(Date)
  })

  test('retries one now, and the attempt does not count', async () => {
    const { app, retried } = await failed()
    expect(await app.retries.retry(retried[1] as string)).toBe(true)
    const [job] = (await app.queue('default').page()).jobs
    expect(job?.payload).toMatchObject({ jid: retried[1], retry_count: -1, error_message: 'boom' })
    expect(job?.enqueuedAt).toBeInstanceOf(Date)
    expect(await app.retries.size()).toBe(2)
  })

  test('retries all, also more than a call takes', async () => {
    const { app } = await failed(1_300)
    expect(await app.retries.retryAll()).toBe(1_300)
    expect([await app.retries.size(), await app.queue('default').size()]).toEqual([0, 1_300])
  })

  test('kills one and all', async () => {
    const { app, retried } = await failed()
    expect(await app.retries.kill(retried[0] as string)).toBe(true)
    expect(await app.retries.killAll()).toBe(2)
    expect([await app.retries.size(), await app.dead.size()]).toEqual([0, 6])
  })

  test('deletes, clears and reschedules', async () => {
    const { app, clock, retried } = await failed()
    expect(await app.retries.delete(retried[0] as string)).toBe(true)
    expect(await app.retries.reschedule(retried[2] as string, new Date(clock.now() + MINUTE))).toBe(true)
    const { jobs } = await app.retries.page()
    expect([jobs.map(({ jid }) => jid), Number(jobs[0]?.at) - clock.now()]).toEqual([[retried[2], retried[1]], MINUTE])
    expect(await app.retries.clear()).toBe(2)
    expect(await app.retries.size()).toBe(0)
  })

  test('refuses a time that is none', async () => {
    const { app, retried } = await failed()
    const { retries } = app
    await expect(retries.reschedule(retried[0] as string, new Date(Number.NaN))).rejects.toThrow('must be a valid Date')
    await expect(retries.reschedule(retried[0] as string, 60 as never)).rejects.toThrow("write '60s' or '60ms'")
  })
})

describe('the dead set', () => {
  test('shows who died, longest dead first', async () => {
    const { app, clock, dead } = await failed()
    const { jobs } = await app.dead.page()
    expect(jobs.map(({ jid }) => jid)).toEqual(dead)
    expect(jobs[0]?.at).toEqual(new Date(clock.now()))
  })

  test('retries one: it fails once more and is dead again', async () => {
    const { app, dead, ...here } = await failed()
    expect(await app.dead.retry(dead[0] as string)).toBe(true)
    expect((await app.queue('default').page()).jobs[0]?.jid).toBe(dead[0])
    await here.work()
    expect((await app.dead.page({ reverse: true })).jobs[0]?.jid).toBe(dead[0])
  })

  test('retries all, deletes and clears', async () => {
    const { app, dead } = await failed()
    expect(await app.dead.delete(dead[0] as string)).toBe(true)
    expect(await app.dead.retryAll()).toBe(2)
    expect([await app.dead.size(), await app.queue('default').size()]).toEqual([0, 2])
    expect(await app.dead.clear()).toBe(0)
  })

  test('retries all comes to an end, though they die again at once', async () => {
    const { app, ...here } = await failed(1_000)
    await here.work({ concurrency: 500 })
    let moves = 0
    here.tap.on('move', async (call) => {
      const answer = await call()
      if (++moves > 10) throw new Error('it goes on and on')
      await rest(20)
      return answer
    })
    expect(await app.dead.retryAll()).toBe(1_000)
  })
})

describe('what has moved meanwhile', () => {
  test('answers false, and nothing happens', async () => {
    const { app, retried, dead } = await failed()
    const row = (await app.retries.find(retried[0] as string)) as StoredJob
    const body = (await app.dead.find(dead[0] as string)) as StoredJob
    await app.retries.retry(row)
    await app.dead.delete(body)
    const answers = [
      await app.retries.retry(row),
      await app.retries.kill(row),
      await app.retries.delete(row),
      await app.retries.reschedule(row, '1h'),
      await app.dead.retry(body),
      await app.dead.delete(body),
      await app.scheduled.retry('nobody'),
      await app.scheduled.reschedule('nobody', '1h'),
    ]
    expect(answers).toEqual(answers.map(() => false))
    expect(await app.stats()).toMatchObject({ enqueued: 1, retry: 2, dead: 2 })
  })

  test('a job that came back to the same place is another row', async () => {
    const { app, clock, retried } = await failed()
    const row = (await app.retries.find(retried[0] as string)) as StoredJob
    await app.retries.reschedule(row, new Date(clock.now() + HOUR))
    expect(await app.retries.delete(row)).toBe(false)
    expect(await app.retries.delete(retried[0] as string)).toBe(true)
  })
})

describe('rows that are no job', () => {
  const odd = JSON.stringify({
    class: 'Odd',
    args: [],
    jid: 'odd',
    queue: 5,
    created_at: 'then',
    enqueued_at: 1e300,
    failed_at: null,
    error_class: 7,
    error_message: {},
    error_backtrace: 5,
  })

  test.each(['', 'no json', '[]', 'null', '{"jid":"x"}', odd])('are shown, not thrown: %s', async (text) => {
    const here = pier()
    const storage = await here.inner()
    await storage.push([{ jid: 'x', queue: 'default', delayMs: HOUR, text }], { client: 'test', number: 1 } as never)
    const [row] = (await here.app.scheduled.page()).jobs
    expect(row?.text).toBe(text)
    for (const name of ['jid', 'class', 'queue'] as const) expect(typeof row?.[name]).toBe('string')
    for (const at of [row?.createdAt, row?.enqueuedAt, row?.failedAt]) expect(at?.toISOString()).toBe(at?.toJSON())
    for (const part of Object.values(row?.error ?? {})) expect(typeof part).toBe('string')
    expect(await row?.backtrace()).toEqual([])
    expect(await all(here.app.scheduled.scan(text))).toHaveLength(1)
    expect(await here.app.scheduled.kill(row as StoredJob)).toBe(true)
    const [dead] = (await here.app.dead.page()).jobs
    expect(await here.app.dead.retry(dead as StoredJob)).toBe(true)
    expect(await here.app.queue('default').size()).toBe(1)
  })
})

describe('stats', () => {
  test('count all, and each day of UTC', async () => {
    const here = pier()
    const { job } = here.noting()
    const fail = here.job('Fail', { perform: () => Promise.reject(new Error()) })
    await here.work()
    await job.performBulk([[1], [2]])
    await fail.performAsync()
    await rest()
    here.clock.jumpTo(here.clock.now() + DAY)
    await job.performAsync(3)
    await job.performIn('1h')
    await rest()
    expect(await here.app.stats({ days: 3 })).toEqual({
      processed: 4,
      failed: 1,
      enqueued: 0,
      scheduled: 1,
      retry: 1,
      dead: 0,
      workers: expect.any(Number),
      running: 0,
      days: [
        { day: '2026-01-02', processed: 1, failed: 0 },
        { day: '2026-01-01', processed: 3, failed: 1 },
        { day: '2025-12-31', processed: 0, failed: 0 },
      ],
    })
    expect((await here.app.stats()).days).toHaveLength(30)
    expect((await here.app.stats({ days: 0 })).days).toEqual([])
    await expect(here.app.stats({ days: -1 })).rejects.toThrow('app.stats(): days must be')
  })
})

describe('workers', () => {
  test('are shown while they live, with what they perform', async () => {
    const here = pier()
    const { promise, resolve } = later()
    const jid = await here.job('Long', { perform: () => promise }).performAsync('x')
    const worker = await here.work({ queues: { default: 3, low: 1 }, concurrency: 4, name: 'web' })
    const [shown] = await here.app.workers()
    expect(shown).toMatchObject({
      worker: worker.id,
      startedAt: here.clock.now(),
      concurrency: 4,
      queues: ['default', 'low'],
      quiet: false,
      capsules: { default: { concurrency: 4, order: 'weighted', weights: { default: 3, low: 1 } } },
    })
    expect(shown?.running).toHaveLength(1)
    expect(JSON.parse(shown?.running[0]?.text ?? '')).toMatchObject({ jid, class: 'Long', args: ['x'] })
    resolve()
    await rest()
    await worker.stop()
    expect(await here.app.workers()).toEqual([])
  })
})

describe('metrics', () => {
  test('tell how often each job ran, how often it failed and how long it took', async () => {
    const { app, clock, job, work, pass } = pier()
    const perform = (ms: unknown) => new Promise<void>((resolve) => void clock.after(Number(ms), resolve))
    await job('Slow', { perform }).performBulk([[10], [50], [50]])
    await job('Fails', { perform: () => Promise.reject(new Error('no')), retry: 0 }).performAsync()
    await work()
    await pass(10 * SECOND)
    const minutes = await app.metrics()
    const totals = minutes.flatMap(({ jobs }) => jobs).sort((a, b) => (a.job < b.job ? -1 : 1))
    expect(totals).toEqual([
      { job: 'Fails', processed: 1, failed: 1, totalMs: 0 },
      { job: 'Slow', processed: 3, failed: 0, totalMs: 110 },
    ])
    const [only, ...others] = (await app.metrics({ job: 'Slow' })).flatMap(({ jobs }) => jobs)
    expect(others).toEqual([])
    expect(only?.durations?.slice(0, 5)).toEqual([1, 0, 0, 2, 0])
  })

  test('of the last seconds are not lost when the worker stops', async () => {
    const { app, job, work, pass } = pier()
    await job('Work', { perform() {} }).performAsync()
    const worker = await work()
    await worker.stop()
    await pass(SECOND)
    expect((await app.metrics()).flatMap(({ jobs }) => jobs)).toMatchObject([{ job: 'Work', processed: 1 }])
  })

  test('may be asked for at most 480 minutes', async () => {
    const { app } = pier()
    await expect(app.metrics({ minutes: 481 })).rejects.toThrow(/minutes must be a whole number/)
  })
})

describe('app.clear()', () => {
  test('deletes everything, and the worker works on', async () => {
    const here = await failed()
    await here.work()
    await here.job('Work').performIn('1h')
    await here.app.clear()
    expect(await here.app.stats()).toMatchObject({
      processed: 0,
      failed: 0,
      enqueued: 0,
      scheduled: 0,
      retry: 0,
      dead: 0,
    })
    const { job, noted } = here.noting()
    await job.performAsync(1)
    await here.pass(10 * SECOND)
    expect(noted).toEqual([1])
  })

  test('while a job runs makes no double of it', async () => {
    const here = pier()
    const { promise, resolve } = later()
    let runs = 0
    await here.job('Long', { perform: () => promise.then(() => runs++) }).performAsync()
    const worker = await here.work()
    await here.app.clear()
    resolve()
    await here.pass(MINUTE)
    expect([runs, worker.health().running]).toEqual([1, 0])
    expect(await here.app.stats()).toMatchObject({ enqueued: 0, running: 0, retry: 0 })
  })

  test('leaves other namespaces alone', async () => {
    const here = pier({ namespace: 'one' })
    const other = pier({ namespace: 'two', storage: here.tap.open })
    await other.job('Work').performAsync()
    await here.job('Work').performAsync()
    await here.app.clear()
    expect([await here.app.queue('default').size(), await other.app.queue('default').size()]).toEqual([0, 1])
  })
})
