import '../adapters/indexeddb/fake-indexeddb.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { indexedDBStorage } from '../../adapters/indexeddb/index.ts'
import { redisStorage } from '../../adapters/redis/index.ts'
import { type CronEntry, type Job, type OpenStorage, Quayside } from '../../src/index.ts'
import { RedisServer } from '../redis/redis-server.ts'
import { until } from '../redis/until.ts'

let server: RedisServer
beforeAll(async () => {
  server = await RedisServer.start()
})
afterAll(async () => {
  await server.destroy()
})

/** An app of a process: it ticks each second, and notes its runs. */
function appOn(storage: OpenStorage, ran: { entry: string; at: number; jid: string }[]) {
  const app = new Quayside({ storage, logger: false })
  const job = app.job('Tick', {
    perform(entry: unknown) {
      ran.push({ entry: String(entry), at: this.tickAt?.getTime() ?? Number.NaN, jid: this.jid })
    },
  })
  const list = (names: string[]) => app.cron(Object.fromEntries(names.map((name) => [name, entryOf(job, name)])))
  return { app, list }
}

/** A machine that is busy may come late: no tick is to be missed all the same. */
const entryOf = (job: Job<[entry: unknown]>, name: string): CronEntry<[entry: unknown]> => {
  return { cron: '* * * * * *', job, args: [name], missed: 'all' }
}

/** Each second between the first and the last one of an entry, once. */
function expectEachOnce(ran: readonly { entry: string; at: number; jid: string }[], entry: string): void {
  const seconds = ran.filter((run) => run.entry === entry).map(({ at }) => at / 1_000)
  const [first = 0] = seconds.sort((a, b) => a - b)
  expect(seconds).toEqual(Array.from(seconds, (_, n) => first + n))
}

test('twenty apps on a real Redis, starting at once with changed entries, tick each second once', async () => {
  const ran: { entry: string; at: number; jid: string }[] = []
  const storage = () => redisStorage({ url: server.url })
  const before = appOn(storage(), ran)
  await before.list(['kept', 'gone'])
  before.app.work()
  await until('the first tick', () => ran.length >= 4, 20_000)
  const apps = Array.from({ length: 20 }, () => appOn(storage(), ran))
  await Promise.all(apps.map(({ list }) => list(['kept', 'added'])))
  for (const { app } of apps) app.work({ concurrency: 1 })
  await until('the new one ticks', () => ran.filter(({ entry }) => entry === 'added').length >= 3, 20_000)
  await before.app.close()
  const cron = await apps[0]!.app.cron()
  expect((await cron.list()).map(({ name }) => name)).toEqual(['added', 'kept'])
  const goneUntil = Math.max(...ran.filter(({ entry }) => entry === 'gone').map(({ at }) => at))
  await until('they tick on', () => ran.filter(({ at }) => at > goneUntil + 2_000).length >= 4, 20_000)
  await Promise.all(apps.map(({ app }) => app.close()))
  for (const entry of ['kept', 'added', 'gone']) expectEachOnce(ran, entry)
  expect(new Set(ran.map(({ jid }) => jid)).size).toBe(ran.length)
}, 90_000)

test('on IndexedDB two pages tick each second once', async () => {
  const ran: { entry: string; at: number; jid: string }[] = []
  const storage = indexedDBStorage()
  const pages = [appOn(storage, ran), appOn(storage, ran)]
  for (const { app, list } of pages) {
    await list(['both'])
    app.work()
  }
  await until('they tick', () => ran.length >= 4, 20_000)
  await Promise.all(pages.map(({ app }) => app.close()))
  expectEachOnce(ran, 'both')
}, 60_000)
