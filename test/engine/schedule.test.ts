import { describe, expect, test } from 'vitest'
import { pier } from './support/pier.ts'
import { DAY, HOUR, MINUTE, rest, SECOND } from './support/time.ts'

function withNoting() {
  const here = pier()
  return { ...here, define: here.job, ...here.noting() }
}

describe('a scheduled job', () => {
  test('is promoted at its time, with an enqueued_at of then', async () => {
    const { job, app, clock, ...here } = withNoting()
    await here.work({ queues: ['other'] })
    await job.performIn('90s', 'x')
    await here.pass(90 * SECOND - 1)
    expect(await app.queue('default').size()).toBe(0)
    await here.pass(1)
    const [promoted] = (await app.queue('default').page()).jobs
    expect(promoted?.enqueuedAt?.getTime()).toBe(clock.now() + (clock.now() % SECOND === 0 ? 1 : 0))
    expect(await app.scheduled.size()).toBe(0)
  })

  test('is due so long after the call, however long its middleware takes', async () => {
    const { job, app, clock, ...here } = withNoting()
    app.use(async (_, next) => {
      await new Promise<void>((resolve) => void clock.after(2 * SECOND, resolve))
      await next()
    })
    const dueAt = clock.now() + 10 * SECOND
    const enqueued = job.performIn('10s', 'x')
    await here.pass(2 * SECOND)
    await enqueued
    expect((await app.scheduled.page()).jobs.map(({ at }) => at?.getTime())).toEqual([dueAt])
  })

  test('wakes a promoter that sleeps for a later one', async () => {
    const { job, noted, ...here } = withNoting()
    await job.performIn('10d', 'late')
    await here.work()
    await job.performIn('1s', 'soon')
    await here.pass(SECOND)
    expect(noted).toEqual(['soon'])
  })

  test('is one of thousands due at once: all run, and once each', async () => {
    const { job, noted, ...here } = withNoting()
    await here.work({ concurrency: 50 })
    await job.set({ wait: '1m' }).performBulk(Array.from({ length: 3_000 }, (_, n) => [n]))
    await here.pass(MINUTE)
    await here.pass(2 * SECOND)
    expect(noted).toHaveLength(3_000)
    expect(new Set(noted).size).toBe(3_000)
    expect(here.tap.count('promote')).toBeLessThan(50)
  })

  test('runs once though two workers promote', async () => {
    const { job, noted, ...here } = withNoting()
    await here.work()
    await here.work()
    await job.set({ wait: '1m' }).performBulk(Array.from({ length: 100 }, (_, n) => [n]))
    await here.pass(2 * MINUTE)
    expect(noted.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, n) => n))
  })

  test('can be rescheduled, sooner and later', async () => {
    const { job, noted, app, clock, ...here } = withNoting()
    await here.work()
    const later = (await job.performIn('1m', 'later')) as string
    const sooner = (await job.performIn('1d', 'sooner')) as string
    expect(await app.scheduled.reschedule(later, '2m')).toBe(true)
    expect(await app.scheduled.reschedule(sooner, new Date(clock.now() + 30 * SECOND))).toBe(true)
    await here.pass(30 * SECOND)
    expect(noted).toEqual(['sooner'])
    await here.pass(90 * SECOND - 1)
    expect(noted).toEqual(['sooner'])
    await here.pass(1)
    expect(noted).toEqual(['sooner', 'later'])
  })

  test('that is years away keeps the worker calm', async () => {
    const { job, noted, ...here } = withNoting()
    await here.work()
    await job.performIn({ weeks: 520 }, 'far')
    await here.pass(MINUTE)
    expect(noted).toEqual([])
    expect(here.tap.count('promote')).toBeLessThan(30)
  })
})

describe('a clock that leaps', () => {
  test('forwards: what is due then runs within the second of the clock watch', async () => {
    const { job, noted, clock, ...here } = withNoting()
    await here.work()
    await job.performIn('1h', 'x')
    await here.pass(SECOND)
    clock.jumpTo(clock.now() + HOUR)
    await here.pass(SECOND)
    expect(noted).toEqual(['x'])
  })

  test('backwards: the job waits for its instant, and the worker works on', async () => {
    const { job, noted, clock, ...here } = withNoting()
    const worker = await here.work()
    await job.performIn('10m', 'later')
    await here.pass(SECOND)
    clock.jumpTo(clock.now() - HOUR)
    await job.performAsync('now')
    await here.pass(10 * MINUTE)
    expect(noted).toEqual(['now'])
    await here.pass(HOUR)
    expect(noted).toEqual(['now', 'later'])
    expect(worker.health()).toMatchObject({ claiming: true })
  })

  test('forwards by a day robs no living worker of its jobs', async () => {
    const { clock, ...here } = withNoting()
    let runs = 0
    await here.define('Long', { perform: () => new Promise(() => void runs++) }).performAsync()
    await here.work()
    await here.work()
    await here.pass(MINUTE)
    clock.jumpTo(clock.now() + DAY)
    await here.pass(MINUTE)
    expect(runs).toBe(1)
    expect(await here.app.stats()).toMatchObject({ running: 1 })
  })
})

describe('an idle worker', () => {
  const HEARTBEATS = HOUR / (4 * SECOND)
  const POLLS = HOUR / (5 * SECOND)

  test('sends only heartbeats and safety polls in an hour', async () => {
    const { job, ...here } = withNoting()
    await job.performIn('1d')
    await here.work()
    await here.pass(10 * SECOND)
    here.tap.calls.length = 0
    await here.pass(HOUR)
    expect([...new Set(here.tap.calls)].sort()).toEqual(['beat', 'exchange', 'promote', 'recover'])
    expect(here.tap.count('beat')).toBe(HEARTBEATS)
    for (const name of ['exchange', 'promote', 'recover'] as const) {
      expect(here.tap.count(name)).toBeLessThanOrEqual(POLLS + 1)
    }
  })

  test('keeps a handful of timers, however long it idles', async () => {
    const { clock, ...here } = withNoting()
    await here.work()
    await here.pass(HOUR)
    expect(clock.waiting).toBeLessThanOrEqual(6)
  })
})

describe('a storage that cannot wake', () => {
  function silent() {
    const here = pier()
    here.tap.wakes = false
    return { ...here, define: here.job, ...here.noting() }
  }

  test('is polled: what is pushed runs within a second', async () => {
    const { job, noted, ...here } = silent()
    await here.work()
    await job.performAsync(1)
    await here.pass(SECOND)
    expect(noted).toEqual([1])
  })

  test('is polled for what is due, and for retries', async () => {
    const { job, noted, ...here } = silent()
    let runs = 0
    const perform = () => {
      if (++runs === 1) throw new Error('again')
    }
    await here.work()
    await here.define('Fail', { perform, retryOn: [{ error: 'Error', wait: '2s' }] }).performAsync()
    await job.performIn('10s', 'later')
    await here.pass(12 * SECOND)
    expect([noted, runs]).toEqual([['later'], 2])
  })

  test('tells of a cancellation with the next heartbeat', async () => {
    const here = silent()
    let reason: Error | undefined
    const jid = await here
      .define('Long', {
        perform() {
          return new Promise((_, reject) => {
            this.signal.addEventListener('abort', () => {
              reason = this.signal.reason
              reject(reason)
            })
          })
        },
      })
      .performAsync()
    await here.work()
    await here.app.cancel(jid as string)
    await here.pass(5 * SECOND)
    expect(reason?.name).toBe('JobCancelledError')
  })
})

describe('a lost wake-up', () => {
  test('costs seconds, not a job: neither one that can run nor one that is due', async () => {
    const here = pier()
    const { job, noted } = here.noting()
    // The worker is subscribed to a store in which nothing happens.
    const storage = await here.inner()
    storage.subscribe = () => () => {}
    await here.work()
    await rest()
    await job.performAsync('now')
    await job.performIn('10s', 'later')
    await here.pass(6 * SECOND)
    expect(noted).toEqual(['now'])
    await here.pass(10 * SECOND)
    expect(noted).toEqual(['now', 'later'])
  })
})
