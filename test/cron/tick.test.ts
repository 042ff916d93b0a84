import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { tickJid } from '../../src/cron/tick-jid.ts'
import { StorageUnavailableError } from '../../src/errors.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { later } from '../engine/support/pier.ts'
import type { Tapped } from '../engine/support/tapped.ts'
import { HOUR, MINUTE, rest, SECOND } from '../engine/support/time.ts'
import { NOON, type Ticking, ticking } from './support/ticking.ts'

describe('a periodic job', () => {
  test('runs at its ticks, from the next on', async () => {
    const { app, work, pass, ticks, hourly } = ticking()
    await pass(30 * MINUTE)
    await app.cron({ hourly })
    await work()
    await pass(30 * MINUTE - 1)
    expect(ticks).toEqual([])
    await pass(1)
    expect(ticks).toEqual([60])
    await pass(2 * HOUR)
    expect(ticks).toEqual([60, 120, 180])
  })

  test('has the jid of its tick, a chosen one, its arguments, queue and options', async () => {
    const { app, clock, work, pass, noting } = ticking({ namespace: 'harbour' })
    const { job } = noting('Clean', {
      retry: 3,
      queue: 'high',
      tags: ['x'],
      retryFor: '1d',
      dead: false,
      expiresIn: '1h',
    })
    await app.cron({ 'clean up': { cron: '*/30 * * * *', job, args: ['full'], queue: 'low' } })
    await work({ queues: ['none'] })
    await pass(30 * MINUTE)
    const [stored] = (await app.queue('low').page()).jobs
    const at = '2026-01-01T12:30:00.000Z'
    expect(stored?.payload).toEqual({
      class: 'Clean',
      args: ['full'],
      queue: 'low',
      jid: tickJid('harbour', 'clean up', Date.parse(at), 0),
      retry: 3,
      tags: ['x'],
      retry_for: 86_400,
      dead: false,
      cron: { name: 'clean up', at },
      created_at: expect.any(Number),
      enqueued_at: expect.any(Number),
      expires_at: expect.closeTo((clock.now() + HOUR) / SECOND, 1),
    })
    expect(await app.client.push({ class: 'Clean', args: [], jid: stored?.jid, queue: 'low' })).toBe(stored?.jid)
    expect(await app.queue('low').size()).toBe(1)
  })

  test('goes through client middleware and is heard of, and what a middleware stops is skipped', async () => {
    const { app, work, pass, ticks, hourly, heard } = ticking()
    const seen: unknown[] = []
    const enqueued = heard('job:enqueued')
    app.use(async ({ payload }, next) => {
      seen.push(payload.cron)
      if (seen.length !== 2) await next()
    })
    const cron = await app.cron({ hourly })
    await work()
    await pass(3 * HOUR)
    expect(seen).toHaveLength(3)
    expect(seen[0]).toEqual({ name: 'hourly', at: '2026-01-01T13:00:00.000Z' })
    expect(ticks).toEqual([60, 180])
    expect(enqueued).toHaveLength(2)
    expect(await cron.get('hourly')).toMatchObject({ skippedCount: 1, missedCount: 0 })
  })

  test('whose middleware throws is reported, and holds up no other', async () => {
    const { app, lines, work, pass, ticks, hourly, tick } = ticking()
    app.use(async ({ payload }, next) => {
      if (payload.args[0] === 'bad') throw new Error('no tenant')
      await next()
    })
    const cron = await app.cron({ bad: { cron: '@hourly', job: tick, args: ['bad'] }, hourly })
    await work()
    await pass(2 * HOUR)
    expect(ticks).toEqual([60, 120])
    expect(await cron.get('bad')).toMatchObject({ skippedCount: 2, lastAt: undefined })
    expect(lines.filter(([level]) => level === 'error').map(([, , message]) => message)).toEqual([
      "a tick of the periodic job 'bad' could not be enqueued",
      "a tick of the periodic job 'bad' could not be enqueued",
    ])
  })

  test('of a name that nobody here defines is enqueued all the same', async () => {
    const { app, work, pass } = ticking()
    await app.cron({ ruby: { cron: '@hourly', class: 'RubyJob', args: [1, { deep: ['x'] }], retry: 2, queue: 'ruby' } })
    await work()
    await pass(HOUR)
    const [stored] = (await app.queue('ruby').page()).jobs
    expect(stored?.payload).toMatchObject({ class: 'RubyJob', args: [1, { deep: ['x'] }], retry: 2, queue: 'ruby' })
  })

  test('of a name that nobody defines anywhere is retried like any other', async () => {
    const { app, work, pass } = ticking()
    await app.cron({ ghost: { cron: '@hourly', class: 'Ghost' } })
    await work()
    await pass(HOUR)
    expect((await app.retries.page()).jobs[0]?.payload).toMatchObject({
      class: 'Ghost',
      error_class: 'UnknownJobError',
    })
  })

  test('ticks only while a worker claims', async () => {
    const { app, work, pass, ticks, hourly } = ticking()
    await app.cron({ hourly })
    const worker = await work()
    await pass(HOUR)
    await worker.quiet()
    await pass(2 * HOUR)
    expect(ticks).toEqual([60])
    expect(await app.queue('default').size()).toBe(0)
    await worker.stop()
    await work()
    await pass(SECOND)
    expect(ticks).toEqual([60, 180])
  })

  test('of an app with two workers ticks on when one of them stops', async () => {
    const { app, work, pass, ticks, hourly } = ticking()
    await app.cron({ hourly })
    const first = await work()
    await work()
    await first.stop()
    await pass(2 * HOUR)
    expect(ticks).toEqual([60, 120])
  })

  test('that is listed while a worker runs ticks too', async () => {
    const { app, work, pass, ticks, hourly } = ticking()
    await work()
    await app.cron({ hourly })
    await pass(HOUR)
    expect(ticks).toEqual([60])
  })

  test('keeps its tick over retries, and a run by hand has none', async () => {
    const { app, work, pass, job } = ticking()
    const seen: (Date | undefined)[] = []
    const failing = job('Failing', {
      perform() {
        seen.push(this.tickAt)
        if (seen.length === 1) throw new Error('once')
      },
    })
    const cron = await app.cron({ failing: { cron: '@hourly', job: failing } })
    await work()
    await pass(HOUR + 10 * MINUTE)
    expect(await cron.run('failing')).toMatch(/^[0-9a-f]{24}$/)
    await rest()
    const tickAt = new Date('2026-01-01T13:00:00Z')
    expect(seen).toEqual([tickAt, tickAt, undefined])
  })

  test('whose tick others have stored in any other way has none', async () => {
    const { app, work, ticks } = ticking()
    await work()
    for (const cron of [7, 'x', null, { at: 7 }, { at: 'soon' }, []]) {
      await app.client.push({ class: 'Tick', args: [], cron: cron as never })
    }
    await rest()
    expect(ticks).toEqual(Array.from({ length: 6 }, () => undefined))
  })
})

describe('the storage', () => {
  test('is asked nothing by a worker of an app without periodic jobs, and once a minute between ticks', async () => {
    const { app, tap, work, pass, hourly } = ticking()
    await work()
    await pass(5 * MINUTE)
    expect(tap.calls.filter((name) => name === 'readDocument')).toEqual([])
    await app.cron({ hourly })
    await pass(SECOND)
    tap.calls.length = 0
    await pass(10 * MINUTE)
    expect(tap.count('readDocument')).toBe(10)
    expect(tap.count('writeDocument')).toBe(0)
  })

  test('may be away at a tick: it comes when the storage is back, once', async () => {
    const { app, tap, lines, work, pass, ticks, hourly } = ticking()
    await app.cron({ hourly })
    await work()
    await pass(HOUR - SECOND)
    tap.weather = 'down'
    await pass(4 * MINUTE)
    tap.weather = 'fair'
    await pass(5 * SECOND)
    expect(ticks).toEqual([60])
    expect(lines.filter(([, , message]) => message.includes('periodic'))).toEqual([])
  })

  test('may lose any answer: no tick is lost, and none comes twice', async () => {
    const { app, tap, work, pass, ticks, jids, tick } = ticking()
    await app.cron({ often: { cron: '* * * * *', job: tick } })
    await work()
    const chance = new ManualClock()
    const maybe = async <T>(call: () => Promise<T>): Promise<T> => {
      const answer = await call()
      if (chance.random() < 0.2) throw new StorageUnavailableError('lost', { outcome: 'unknown' })
      return answer
    }
    tap.on('push', maybe)
    tap.on('readDocument', maybe)
    tap.on('writeDocument', maybe)
    await pass(20 * MINUTE + 20 * SECOND)
    expect(ticks).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
    expect(new Set(jids).size).toBe(20)
  })
})

/** From the next push on, nothing that the process says reaches the storage. */
function dieAfterPush(tap: Tapped): void {
  tap.on('push', async (call) => {
    const answer = await call()
    tap.weather = 'hung'
    return answer
  })
}

/** How many jobs wait, whatever the weather. */
async function waiting({ inner }: Ticking): Promise<number> {
  return (await (await inner()).page({ queue: 'default' }, { offset: 0, limit: 1 })).total
}

describe('a crash between push and note', () => {
  /** A process that pushes, and dies before it can write. */
  async function crashed() {
    const storage = memoryStorage()
    const first = ticking({ storage })
    await first.app.cron({ hourly: first.hourly })
    const worker = await first.work({ queues: ['none'] })
    await first.pass(HOUR - SECOND)
    dieAfterPush(first.tap)
    await first.pass(SECOND)
    expect(await waiting(first)).toBe(1)
    return { storage, first, worker }
  }

  test.each([SECOND, 4 * MINUTE, 6 * MINUTE, 20 * MINUTE, 58 * MINUTE])(
    'neither loses nor doubles the tick when another comes after %i ms',
    async (later) => {
      const { storage, first } = await crashed()
      await first.pass(later)
      const second = ticking({ storage, clock: first.clock })
      const cron = await second.app.cron({ hourly: second.hourly })
      await second.work()
      await second.pass(MINUTE)
      expect(second.ticks).toEqual([60])
      expect(second.jids).toEqual([tickJid('', 'hourly', NOON + HOUR, 0)])
      expect(await cron.get('hourly')).toMatchObject({ lastJid: second.jids[0], missedCount: 0, skippedCount: 0 })
    },
  )

  test('neither loses nor doubles the tick where client middleware writes each job anew', async () => {
    const storage = memoryStorage()
    const first = ticking({ storage })
    const second = ticking({ storage, clock: first.clock })
    for (const { app } of [first, second]) {
      app.use(async ({ payload }, next) => {
        payload.tags = ['seen']
        await next()
      })
    }
    await first.app.cron({ hourly: first.hourly })
    await first.work({ queues: ['none'] })
    await first.pass(HOUR - SECOND)
    dieAfterPush(first.tap)
    await first.pass(20 * MINUTE)
    const [row] = (await (await first.inner()).page({ queue: 'default' }, { offset: 0, limit: 1 })).rows
    expect(row?.text).not.toContain('unique_key')
    await second.app.cron({ hourly: second.hourly })
    await second.work()
    await second.pass(MINUTE)
    expect(second.ticks).toEqual([60])
    expect(second.jids).toEqual([tickJid('', 'hourly', NOON + HOUR, 0)])
  })

  test('neither loses nor doubles a tick that is made up for', async () => {
    const storage = memoryStorage()
    const first = ticking({ storage })
    const list = (tick: typeof first.tick) => ({ all: { cron: '@hourly', job: tick, missed: 'all' as const } })
    await first.app.cron(list(first.tick))
    await (await first.work({ queues: ['none'] })).stop()
    first.clock.jumpTo(NOON + 5 * HOUR)
    dieAfterPush(first.tap)
    await first.work({ queues: ['none'] })
    await first.pass(SECOND)
    expect(await waiting(first)).toBe(5)
    await first.pass(2 * HOUR)
    const second = ticking({ storage, clock: first.clock })
    await second.app.cron(list(second.tick))
    await second.work()
    await second.pass(MINUTE)
    expect(second.ticks.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 7 }, (_, n) => (n + 1) * 60),
    )
  })

  test('that is a sleep: whoever wakes after an hour pushes nothing more', async () => {
    const storage = memoryStorage()
    const sleeper = ticking({ storage })
    const other = ticking({ storage, clock: sleeper.clock })
    await sleeper.app.cron({ hourly: sleeper.hourly })
    await sleeper.work({ queues: ['none'] })
    const sleeping = later()
    sleeper.tap.on('push', async (call) => {
      await sleeping.promise
      return call()
    })
    await sleeper.pass(HOUR)
    await other.app.cron({ hourly: other.hourly })
    await other.work()
    await other.pass(30 * MINUTE)
    expect(other.ticks).toEqual([60])
    sleeping.resolve()
    await other.pass(MINUTE)
    expect(other.ticks).toEqual([60])
  })
})

test('while one process enqueues what is due, others leave it alone', async () => {
  const storage = memoryStorage()
  const slow = ticking({ storage })
  const other = ticking({ storage, clock: slow.clock })
  const release = later()
  const seen: string[] = []
  slow.app.use(async (_, next) => {
    seen.push('slow')
    await release.promise
    await next()
  })
  other.app.use(async (_, next) => {
    seen.push('other')
    await next()
  })
  await slow.app.cron({ hourly: slow.hourly })
  await slow.work({ queues: ['none'] })
  await slow.pass(SECOND)
  await other.app.cron({ hourly: other.hourly })
  await other.work({ queues: ['none'] })
  await slow.pass(HOUR + 10 * SECOND)
  expect(seen).toEqual(['slow'])
  release.resolve()
  await slow.pass(MINUTE)
  expect(seen).toEqual(['slow'])
  expect(await waiting(slow)).toBe(1)
})

describe('time', () => {
  test('may leap forwards: the tick comes within a second', async () => {
    const { app, clock, work, pass, ticks, hourly } = ticking()
    await app.cron({ hourly })
    await work()
    await pass(MINUTE)
    clock.jumpTo(clock.now() + HOUR)
    await pass(SECOND)
    expect(ticks).toEqual([60])
  })

  test('may go back: no tick comes twice', async () => {
    const { app, clock, work, pass, ticks, hourly } = ticking()
    await app.cron({ hourly })
    await work()
    await pass(HOUR)
    clock.jumpTo(clock.now() - 30 * MINUTE)
    await pass(HOUR)
    expect(ticks).toEqual([60])
    await pass(30 * MINUTE)
    expect(ticks).toEqual([60, 120])
  })
})
