import { describe, expect, test } from 'vitest'
import { dueOf } from '../../src/cron/due.ts'
import type { CronOptions } from '../../src/index.ts'
import { later } from '../engine/support/pier.ts'
import { HOUR, MINUTE, rest, SECOND } from '../engine/support/time.ts'
import { NOON, ticking } from './support/ticking.ts'

/** An app that was away from noon on, for so long. */
async function away(ms: number, options: Partial<CronOptions>) {
  const here = ticking()
  const cron = await here.app.cron({ hourly: { ...here.hourly, ...options } })
  await (await here.work()).stop()
  here.clock.jumpTo(NOON + ms)
  await here.work()
  await here.pass(SECOND)
  return { ...here, cron }
}

describe('missed ticks', () => {
  test.each([
    ['once', 30 * MINUTE, [], 0],
    ['once', HOUR, [60], 0],
    ['once', 5 * HOUR + 30 * MINUTE, [300], 4],
    ['skip', 5 * HOUR + MINUTE, [300], 4],
    ['skip', 5 * HOUR + 3 * MINUTE, [], 5],
    ['all', 5 * HOUR + 30 * MINUTE, [60, 120, 180, 240, 300], 0],
  ] as const)('%s, after %i ms', async (missed, ms, ran, missedCount) => {
    const { ticks, cron, pass } = await away(ms, { missed })
    expect(ticks.toSorted((a, b) => Number(a) - Number(b))).toEqual(ran)
    expect(await cron.get('hourly')).toMatchObject({ missedCount, skippedCount: 0 })
    await pass(HOUR - (ms % HOUR))
    expect(ticks).toHaveLength(ran.length + 1)
  })

  test('all is a hundred at most', async () => {
    const { ticks, cron } = await away(1_000 * HOUR, { missed: 'all' })
    await rest(50)
    expect(ticks).toHaveLength(100)
    expect(Math.min(...ticks.map(Number))).toBe(901 * 60)
    expect(await cron.get('hourly')).toMatchObject({ missedCount: 1 })
  })

  test('of each second of a year cost no more than a hundred', () => {
    const definition = {
      name: 'x',
      cron: '* * * * * *',
      timezone: 'UTC',
      payload: { class: 'X', args: [] },
      enabled: true,
    }
    const entry = { source: 'app', paused: false, after: NOON, owed: [], skipped: 0, missed: 0 }
    const now = NOON + 365 * 24 * HOUR
    const due = (missed: 'all' | 'once' | 'skip') =>
      dueOf({ ...entry, definition: { ...definition, missed, overlap: 'allow' } }, now)
    expect(due('once')).toEqual({ ticks: [now], missed: 100, upTo: now })
    expect(due('skip')).toEqual({ ticks: [now], missed: 100, upTo: now })
    expect(due('all')).toMatchObject({ missed: 1, upTo: now })
    expect(due('all')?.ticks).toHaveLength(100)
  })
})

describe('overlap', () => {
  function overlapping(overlap: 'skip' | 'allow') {
    const here = ticking()
    const release = later()
    let running = 0
    const slow = here.job('Slow', {
      async perform() {
        running++
        await release.promise
        running--
      },
    })
    const list = { slow: { cron: '@hourly', job: slow, overlap } }
    return { ...here, list, release, slow, running: () => running }
  }

  test('is allowed, if not said otherwise', async () => {
    const { app, list, work, pass, running } = overlapping('allow')
    await app.cron(list)
    await work()
    await pass(3 * HOUR)
    expect(running()).toBe(3)
  })

  test('skip: no second run beside the first; the next tick after its end runs', async () => {
    const { app, list, work, pass, running, release } = overlapping('skip')
    const cron = await app.cron(list)
    await work()
    await pass(3 * HOUR)
    expect(running()).toBe(1)
    expect(await cron.get('slow')).toMatchObject({ skippedCount: 2, lastAt: new Date(NOON + HOUR) })
    release.resolve()
    await pass(HOUR)
    expect(await cron.get('slow')).toMatchObject({ skippedCount: 2, lastAt: new Date(NOON + 4 * HOUR) })
  })

  test('skip: none while the last one waits in its queue', async () => {
    const { app, list, work, pass } = overlapping('skip')
    const cron = await app.cron(list)
    await work({ queues: ['none'] })
    await pass(3 * HOUR)
    expect(await app.queue('default').size()).toBe(1)
    await app.queue('default').clear()
    await pass(HOUR)
    expect(await app.queue('default').size()).toBe(1)
    expect(await cron.get('slow')).toMatchObject({ skippedCount: 2 })
  })

  test('skip: none while the last one is to be retried, one when it is dead', async () => {
    const { app, job, work, pass } = ticking()
    const failing = job('Failing', { retry: 1, retryIn: () => '150m', perform: () => Promise.reject(new Error('no')) })
    const cron = await app.cron({ failing: { cron: '@hourly', job: failing, overlap: 'skip' } })
    await work()
    await pass(3 * HOUR)
    expect(await cron.get('failing')).toMatchObject({ skippedCount: 2 })
    await pass(2 * HOUR)
    expect(await app.dead.size()).toBe(1)
    expect(await cron.get('failing')).toMatchObject({ skippedCount: 3, lastAt: new Date(NOON + 4 * HOUR) })
  })

  test('skip: far back in a long queue it still waits; behind later jobs it cannot', async () => {
    const { app, list, noting, work, pass, tap } = overlapping('skip')
    const { job } = noting()
    const many = Array.from({ length: 10_500 }, (_, n) => [n])
    await job.performBulk(many)
    const cron = await app.cron(list)
    await work({ queues: ['none'] })
    await pass(HOUR)
    tap.calls.length = 0
    await pass(HOUR)
    expect(await cron.get('slow')).toMatchObject({ skippedCount: 1 })
    expect(tap.count('scan')).toBe(10)
    await app.queue('default').clear()
    await pass(MINUTE)
    await job.performBulk(many)
    await pass(HOUR)
    expect(await cron.get('slow')).toMatchObject({ skippedCount: 1, lastAt: new Date(NOON + 3 * HOUR) })
  })

  test('skip makes up for missed ticks with one job', async () => {
    const { ticks } = await away(5 * HOUR, { missed: 'all', overlap: 'skip' })
    expect(ticks).toEqual([300])
  })

  test('a unique job that still waits refuses the next one', async () => {
    const { app, noting, work, pass } = ticking()
    const { job } = noting('Unique', { unique: { for: '3h' } })
    const cron = await app.cron({ unique: { cron: '@hourly', job, args: [1] } })
    await work({ queues: ['none'] })
    await pass(2 * HOUR)
    expect(await app.queue('default').size()).toBe(1)
    expect(await cron.get('unique')).toMatchObject({ skippedCount: 1, lastAt: new Date(NOON + HOUR) })
  })
})
