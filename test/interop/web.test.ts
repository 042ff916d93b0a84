import { beforeEach, describe, expect, test } from 'vitest'
import type { Json } from '../../src/index.ts'
import { until } from '../redis/until.ts'
import { BothSides } from './both-sides.ts'
import type { SetName } from './ruby.ts'

const sides = BothSides.forThisFile()

/** Text that would run in an operator's browser if a page printed it as it is. */
const EVIL = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&<quayside>`

/** What only text may say: as markup it would be ours. */
const INJECTED = /<script>alert|<img src=x|<quayside|<anonymous>/

const PAGES = [
  '/',
  '/busy',
  '/queues',
  '/queues/ours',
  '/queues/idle',
  '/queues/eu-1.mail:Low_2',
  '/retries',
  '/scheduled',
  '/morgue',
]
const DATA = ['/stats', '/stats/queues']
const SETS: Readonly<Record<SetName, string>> = { retry: '/retries', schedule: '/scheduled', dead: '/morgue' }

class Hostile extends Error {
  override name = `Hostile${EVIL}`
}

/** One of everything, with hostile text wherever a text of users may go. */
beforeEach(async () => {
  const app = sides.app()
  const job = sides.job(app, 'Evil', {
    queue: 'ours',
    backtrace: true,
    tags: [EVIL],
    async perform(what) {
      if (what === 'runs') await aborted(this.signal)
      const error = new Hostile(EVIL)
      error.stack = `Hostile: ${EVIL}\n    at Object.<anonymous> (/app/${EVIL}.js:1:1)\n    at new <anonymous> (b.js:2:2)`
      throw error
    },
  })
  const args: Json[] = [EVIL, { [EVIL]: [EVIL, null, 2 ** 60] }]
  const unique = { for: '1h' } as const
  await job.performAsync('fails', ...args)
  await job.set({ unique }).performAsync('fails, with a lock', ...args)
  await job.set({ retry: 0 }).performAsync('dies', ...args)
  await job.set({ unique, retry: 0 }).performAsync('dies', ...args)
  await job.performAsync('runs', ...args)
  await job.set({ queue: 'idle' }).performAsync(...args)
  await job.set({ queue: 'eu-1.mail:Low_2' }).performAsync(...args)
  await job.set({ unique, expiresIn: '2h' }).performIn('1h', ...args)
  await app.client.push({ class: 'Nobody::Has', args, queue: 'ours', encrypt: true, bid: 'b', cattr: { x: 1 } })
  await app.client.push({
    class: 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper',
    wrapped: 'Mail',
    args,
    queue: 'ours',
  })
  await sides.redis.lpush(
    'queue:ours',
    '{"class":',
    `{"x":"${EVIL}"`,
    '\xff',
    '"text"',
    '[]',
    'null',
    '{}',
    `{"class":"A","args":"${EVIL}"}`,
  )
  const looks = { tag: EVIL, labels: [EVIL, 'plain'], name: 'host&1:7' }
  app.work({ queues: ['ours'], timeout: '0s', heartbeat: '200ms', lease: '2s', ...looks })
  await until('all is there', async () => {
    const { retry, dead, running } = await app.stats()
    return retry === 4 && dead === 10 && running === 1 && (await sides.ruby.work()).length === 1
  })
})

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** A page that is there, and on which nothing of ours is markup. */
async function sound(path: string): Promise<string> {
  const { status, body } = await sides.ruby.page(path)
  expect([path, status, status === 200 ? '' : body]).toEqual([path, 200, ''])
  expect(body).not.toMatch(INJECTED)
  return body
}

/** The addresses of the rows of a set, as its page links them. */
async function rowsOf(set: SetName): Promise<string[]> {
  const page = SETS[set]
  const links = (await sound(page)).matchAll(/href="([^"]+)"/g)
  return [...links].map(([, link = '']) => link).filter((link) => /^\/\w+\/[\d.]+-\w+$/.test(link))
}

describe("Sidekiq's web page over our data", () => {
  test.each(PAGES)('%s', async (path) => {
    expect(await sound(path)).toContain('</html>')
  })

  test.each(DATA)('%s', async (path) => {
    expect(JSON.parse(await sound(path))).toBeTypeOf('object')
  })

  test.each<[SetName, number]>([
    ['retry', 4],
    ['schedule', 1],
    ['dead', 5],
  ])('each job of the %s set', async (set, count) => {
    const rows = await rowsOf(set)
    expect(rows).toHaveLength(count)
    for (const row of rows) expect(await sound(row)).toContain('JID')
  })

  test('a backtrace can be read there', async () => {
    const pages = await Promise.all((await rowsOf('dead')).map(sound))
    expect(pages.join('')).toContain('at Object.(anonymous) (/app/')
  })

  test('the dashboard adds up', async () => {
    const { sidekiq } = JSON.parse(await sound('/stats'))
    expect(sidekiq).toMatchObject({ retries: 4, dead: 10, scheduled: 1, enqueued: 2, busy: 1, processes: 1 })
  })
})
