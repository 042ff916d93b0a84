import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { type CronEntry, Quayside } from '../../src/index.ts'
import { rejection } from '../engine/support/pier.ts'
import { HOUR, MINUTE, rest, SECOND } from '../engine/support/time.ts'
import { NOON, ticking } from './support/ticking.ts'

const at = (hours: number): Date => new Date(NOON + hours * HOUR)

/** A worker's process with an entry, and the handle of another one that defines nothing. */
async function watched() {
  const storage = memoryStorage()
  const here = ticking({ storage })
  const list = { hourly: { ...here.hourly, description: 'Each hour', queue: 'low' } }
  await here.app.cron(list)
  await here.work({ queues: ['default', 'low'] })
  await rest()
  const other = ticking({ storage, clock: here.clock })
  return { ...here, list, other, cron: await other.app.cron() }
}

describe('the handle of a process that defines no jobs', () => {
  test('shows what is stored', async () => {
    const { cron, jids, pass } = await watched()
    await pass(HOUR)
    expect(await cron.list()).toEqual([
      {
        name: 'hourly',
        cron: '@hourly',
        timezone: 'UTC',
        description: 'Each hour',
        class: 'Tick',
        args: [],
        queue: 'low',
        missed: 'once',
        overlap: 'allow',
        source: 'app',
        enabled: true,
        paused: false,
        lastAt: at(1),
        lastJid: jids[0],
        nextAt: at(2),
        skippedCount: 0,
        missedCount: 0,
      },
    ])
    expect(await cron.get('none')).toBeUndefined()
  })

  test('pauses, and resumes from the next tick on', async () => {
    const { cron, ticks, pass } = await watched()
    await cron.pause('hourly')
    await cron.pause('hourly')
    await pass(2 * HOUR + 30 * MINUTE)
    expect(ticks).toEqual([])
    expect(await cron.get('hourly')).toMatchObject({ paused: true, nextAt: undefined, missedCount: 0 })
    await cron.resume('hourly')
    await cron.resume('hourly')
    await pass(30 * MINUTE)
    expect(ticks).toEqual([180])
  })

  test('runs a job now, also a paused one, each time another', async () => {
    const { cron, ticks, jids, pass } = await watched()
    await cron.pause('hourly')
    const ran = [await cron.run('hourly'), await cron.run('hourly')]
    await pass(SECOND)
    expect(ticks).toEqual([undefined, undefined])
    expect(jids).toEqual(ran)
    expect(await cron.get('hourly')).toMatchObject({ lastAt: undefined })
  })

  test('tells the next ticks', async () => {
    const { cron, pass } = await watched()
    await pass(30 * MINUTE)
    expect(await cron.next('hourly', 3)).toEqual([at(1), at(2), at(3)])
    expect(await cron.next('hourly')).toEqual([at(1)])
    for (const n of [0, 1.5, 1_001, '3']) await expect(cron.next('hourly', n as number)).rejects.toThrow('n must be')
  })

  test('removes; what is on a list comes back with the next worker', async () => {
    const { cron, ticks, pass, work } = await watched()
    expect(await cron.remove('hourly')).toBe(true)
    expect(await cron.remove('hourly')).toBe(false)
    await pass(HOUR)
    expect(ticks).toEqual([])
    await work()
    await rest()
    expect(await cron.list()).toHaveLength(1)
  })

  test('sets entries at run time, which others notice within a minute', async () => {
    const { cron, app, pass, other } = await watched()
    await pass(SECOND)
    expect(await cron.set('tenant', { cron: '30 * * * * *', class: 'Tick', queue: 'tenants' })).toMatchObject({
      name: 'tenant',
      source: 'dynamic',
      nextAt: new Date(NOON + 30 * SECOND),
    })
    await pass(MINUTE)
    expect(await app.queue('tenants').size()).toBe(1)
    await cron.set('tenant', { cron: '@daily', job: other.tick })
    expect(await cron.get('tenant')).toMatchObject({ cron: '@daily', lastAt: new Date(NOON + 30 * SECOND) })
    expect(await rejection(cron.set('hourly', { cron: '@daily', class: 'X' }))).toMatchObject({
      name: 'OptionError',
      message: "cron.set(): 'hourly' is on the list of source 'app': change it there.",
    })
  })

  test('names what it does not find, and what may have been meant', async () => {
    const { cron } = await watched()
    for (const call of ['pause', 'resume', 'run', 'next'] as const) {
      const error = await rejection(cron[call]('hourley'))
      expect(error).toMatchObject({ name: 'OptionError' })
      expect(error.message).toBe(`cron.${call}(): no periodic job "hourley" (string) is stored; did you mean 'hourly'?`)
    }
  })

  test('refuses what another version has stored', async () => {
    const { cron, inner } = await watched()
    const storage = await inner()
    const { version = 0 } = (await storage.readDocument('cron')) ?? {}
    await storage.writeDocument('cron', '{"format":2,"entries":[]}', version)
    await expect(cron.list()).rejects.toThrow('another version of Quayside, in format 2')
  })

  test('an expression that nobody here can read holds up no other', async () => {
    const { cron, inner, ticks, pass, lines } = await watched()
    const storage = await inner()
    const { text = '', version = 0 } = (await storage.readDocument('cron')) ?? {}
    const book = JSON.parse(text)
    const [entry] = book.entries
    book.entries.push({ ...entry, definition: { ...entry.definition, name: 'odd', cron: 'when I say so' } }, null, {})
    await storage.writeDocument('cron', JSON.stringify(book), version)
    await pass(HOUR)
    expect(ticks).toEqual([60])
    expect(lines.some(([, { entry }]) => entry === 'odd')).toBe(true)
    expect(await cron.get('odd')).toMatchObject({ cron: 'when I say so', nextAt: undefined })
  })
})

describe('app.cron()', () => {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  const job = app.job('Job', { perform: (_n: number) => {} })
  const cron = '@daily'

  test.each<[string, unknown, string]>([
    ['a', { job, args: [1] }, "app.cron(): 'a': cron must be five fields"],
    ['a', { cron: '0 25 * * *', job, args: [1] }, "app.cron(): 'a': cron must be five fields"],
    ['a', { cron, job, args: [1], timezone: 'Berlin' }, "app.cron(): 'a': timezone must be an IANA name"],
    ['a', { cron }, "app.cron(): 'a' needs a job of app.job(), or the class"],
    ['a', { cron, job, args: [1], class: 'Job' }, 'one of them.'],
    ['a', { cron, job: 'Job' }, "app.cron(): 'a': job must be a job of app.job()"],
    ['a', { cron, class: '<b>' }, "app.cron(): 'a': class must be a string that is not empty, without < and >"],
    ['a', { cron, job, args: 1 }, "app.cron(): 'a': args must be an array"],
    ['a', { cron, job, args: [1n] }, "app.cron(): 'a': args[0]"],
    ['a', { cron, job, args: [1], queue: 'no queue' }, "app.cron(): 'a': queue must be a queue name"],
    ['a', { cron, job, args: [1], missed: 'never' }, "'once' or 'all' or 'skip'; got \"never\""],
    ['a', { cron, job, args: [1], overlap: true }, "'allow' or 'skip'; got true"],
    ['a', { cron, job, args: [1], enabled: 1 }, 'enabled must be true or false'],
    ['a', { cron, job, args: [1], description: 7 }, 'description must be a string'],
    ['a', { cron, job, args: [1], timezon: 'UTC' }, 'did you mean "timezone"?'],
    ['a', { cron, job: job.set({ wait: '1m' }), args: [1] }, 'set() with a jid or a time'],
    ['a', { cron, job: job.set({ jid: 'mine' }), args: [1] }, 'set() with a jid or a time'],
    ['a', 'daily', "app.cron(): 'a' must be an object"],
    ['<b>', { cron, job, args: [1] }, 'without quotes, < and >'],
    ['', { cron, job, args: [1] }, 'a name of 1 to 128 characters'],
  ])('refuses %s: %o', async (name, entry, message) => {
    const error = await rejection(app.cron({ [name]: entry as CronEntry }))
    expect(error.message).toContain(message)
    expect(['OptionError', 'ArgumentError']).toContain(error.name)
  })

  test('refuses a source that cannot be one, lists that are none, and one name on two lists', async () => {
    for (const source of ['dynamic', 'a b', 7]) {
      await expect(app.cron({}, { source: source as string })).rejects.toThrow('app.cron(): source must be')
    }
    await expect(app.cron([] as never)).rejects.toThrow('an object of entries by name')
    await app.cron({ mine: { cron, job, args: [1] } }, { source: 'one' })
    await expect(app.cron({ mine: { cron, job, args: [1] } }, { source: 'two' })).rejects.toThrow(
      "'mine' is on the list of source 'one' already",
    )
  })

  test('takes the arguments as they are, not as they become', async () => {
    const { app, job, work } = ticking()
    const args: [{ n: number }] = [{ n: 1 }]
    const cron = await app.cron({ a: { cron: '@daily', job: job('Job'), args } })
    args[0].n = 2
    await work()
    await rest()
    expect(await cron.get('a')).toMatchObject({ args: [{ n: 1 }] })
  })
})
