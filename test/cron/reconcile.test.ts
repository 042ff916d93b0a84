import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { HOUR, MINUTE, rest, SECOND } from '../engine/support/time.ts'
import { NOON, ticking } from './support/ticking.ts'

/** Apps of one store and one time: each a process. */
function processes() {
  const storage = memoryStorage()
  const clock = new ManualClock(NOON)
  return (source?: string) => {
    const here = ticking({ storage, clock })
    const list = (entries: Record<string, string>) =>
      here.app.cron(
        Object.fromEntries(
          Object.entries(entries).map(([name, cron]) => [name, { cron, job: here.tick, args: [name] }]),
        ),
        source === undefined ? {} : { source },
      )
    return { ...here, list }
  }
}

describe('a worker that starts', () => {
  test('adds, changes and removes what its list says, and nothing happens before', async () => {
    const start = processes()
    const first = start()
    const cron = await first.list({ a: '@hourly', b: '@hourly' })
    expect(await cron.list()).toEqual([])
    await first.work()
    await rest()
    const second = start()
    await second.list({ b: '@daily', c: '@hourly' })
    expect((await cron.list()).map(({ name, cron }) => [name, cron])).toEqual([
      ['a', '@hourly'],
      ['b', '@hourly'],
    ])
    await second.work()
    await rest()
    expect((await cron.list()).map(({ name, cron }) => [name, cron])).toEqual([
      ['b', '@daily'],
      ['c', '@hourly'],
    ])
    const told = second.lines.filter(([, , message]) => message.startsWith('a periodic job was removed'))
    expect(told).toMatchObject([['info', { entry: 'a', source: 'app' }, expect.any(String)]])
  })

  test('writes nothing when all is as it should be', async () => {
    const start = processes()
    const [first, second] = [start(), start()]
    await first.list({ a: '@hourly' })
    await first.work()
    await rest()
    await second.list({ a: '@hourly' })
    await second.work()
    await rest()
    expect(second.tap.count('writeDocument')).toBe(0)
  })

  test('leaves the entries of others alone, and says when it wants a name of theirs', async () => {
    const start = processes()
    const [billing, shop] = [start('billing'), start('shop')]
    await billing.list({ invoices: '@hourly', both: '@hourly' })
    await billing.work()
    const cron = await shop.list({ orders: '@hourly', both: '@daily' })
    await rest()
    await cron.set('tenant', { cron: '@hourly', class: 'X' })
    await shop.work()
    await rest()
    expect((await cron.list()).map(({ name, source, cron }) => [name, source, cron])).toEqual([
      ['both', 'billing', '@hourly'],
      ['invoices', 'billing', '@hourly'],
      ['orders', 'shop', '@hourly'],
      ['tenant', 'dynamic', '@hourly'],
    ])
    expect(shop.lines.filter(([level]) => level === 'error')).toMatchObject([
      ['error', { entry: 'both', source: 'shop', owner: 'billing' }, expect.stringContaining('was left out')],
    ])
  })

  test('keeps what is paused paused, and what has ticked ticked', async () => {
    const start = processes()
    const first = start()
    const cron = await first.list({ a: '@hourly', b: '@hourly' })
    const worker = await first.work()
    await first.pass(HOUR)
    await cron.pause('a')
    await worker.stop()
    const second = start()
    await second.list({ a: '*/30 * * * *', b: '@hourly' })
    await second.work()
    await second.pass(HOUR)
    expect(await cron.get('a')).toMatchObject({ paused: true, cron: '*/30 * * * *', lastAt: new Date(NOON + HOUR) })
    expect(await cron.get('b')).toMatchObject({ lastAt: new Date(NOON + 2 * HOUR) })
  })

  test('with another schedule starts it now, makes nothing up that it never had, and still runs what was due', async () => {
    const start = processes()
    const first = start()
    await first.list({ a: '@hourly' })
    await (await first.work()).stop()
    first.clock.jumpTo(NOON + HOUR + 10 * MINUTE)
    const second = start()
    await second.list({ a: '*/15 * * * *' })
    await second.work()
    await second.pass(MINUTE)
    expect(second.ticks).toEqual([60])
    await second.pass(5 * MINUTE)
    expect(second.ticks).toEqual([60, 75])
  })

  test('that enables an entry again does not make up for the time between', async () => {
    const start = processes()
    const here = start()
    const entry = (enabled: boolean) => ({ a: { ...here.hourly, enabled } })
    const cron = await here.app.cron(entry(false))
    await here.work()
    await here.pass(2 * HOUR)
    expect(await cron.get('a')).toMatchObject({ enabled: false, nextAt: undefined })
    await here.app.cron(entry(true))
    await here.pass(HOUR)
    expect(here.ticks).toEqual([180])
  })

  test('with another description changes nothing else', async () => {
    const here = processes()()
    const entry = (description: string) => ({ a: { ...here.hourly, description } })
    const cron = await here.app.cron(entry('one'))
    await here.work()
    await here.pass(30 * MINUTE)
    await here.app.cron(entry('two'))
    await here.pass(30 * MINUTE)
    expect(here.ticks).toEqual([60])
    expect(await cron.get('a')).toMatchObject({ description: 'two' })
  })
})

describe('twenty processes at once', () => {
  test('agree on changed entries, and each tick is one job', async () => {
    const start = processes()
    const before = start()
    await before.list({ kept: '*/10 * * * * *', changed: '*/10 * * * * *', gone: '@hourly' })
    const worker = await before.work()
    await before.pass(10 * SECOND)
    await worker.stop()

    const apps = Array.from({ length: 20 }, () => start())
    for (const { list } of apps)
      await list({ kept: '*/10 * * * * *', changed: '*/5 * * * * *', added: '*/10 * * * * *' })
    const heard = apps.map(({ heard }) => heard('job:enqueued'))
    // On the very tick of the old schedule.
    before.clock.jumpTo(NOON + 20 * SECOND)
    await Promise.all(apps.map(({ work }) => work()))
    await before.pass(10 * SECOND)
    const jids = apps.flatMap(({ jids }) => jids)
    const ticks = apps.flatMap(({ ticks }) => ticks).map((tick) => Math.round(Number(tick) * 60))
    expect(ticks.sort((a, b) => a - b)).toEqual([20, 20, 25, 30, 30, 30])
    expect(new Set(jids).size).toBe(jids.length)
    // Whoever has the claim is the only one whose middleware and listeners see the push.
    expect(heard.flat()).toHaveLength(6)
    expect((await (await apps[0]!.app.cron()).list()).map(({ name }) => name)).toEqual(['added', 'changed', 'kept'])
    await Promise.all(apps.map(({ app }) => app.close()))
  })

  test('with clocks that differ still enqueue each tick once', async () => {
    const storage = memoryStorage()
    const apps = Array.from({ length: 20 }, (_, n) => {
      const clock = new ManualClock(NOON + n * 100, n)
      return ticking({ storage, clock })
    })
    for (const { app, tick } of apps) await app.cron({ often: { cron: '*/10 * * * * *', job: tick } })
    for (const { work } of apps) await work()
    for (let turn = 0; turn < 38; turn++) {
      for (const { clock } of apps) await clock.advance(SECOND)
      await rest(1)
    }
    const ticks = apps.flatMap(({ ticks }) => ticks).map((tick) => Math.round(Number(tick) * 60))
    expect(ticks.sort((a, b) => a - b)).toEqual([10, 20, 30])
    await Promise.all(apps.map(({ app }) => app.close()))
  })
})
