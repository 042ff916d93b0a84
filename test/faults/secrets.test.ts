import { inspect } from 'node:util'
import { Quayside } from 'quayside'
import { redisStorage } from 'quayside/redis'
import { expect, onTestFinished, test } from 'vitest'
import type { RedisStorageOptions } from '../../adapters/redis/index.ts'
import { listLogger } from '../redis/connected.ts'
import { failing } from '../redis/until.ts'
import { eventually } from './eventually.ts'
import { Scene } from './scene.ts'

/** What must be nowhere: a part of each password that stays as it is in a url. */
const CANARY = /canary/i
const RIGHT = 'right/canary@1'
const WRONG = 'wrong/canary@2'

const withPassword = (url: string, password: string) => url.replace('//', `//:${encodeURIComponent(password)}@`)

/** All that can be seen of something, by any way to look at it. */
function everythingOf(value: unknown): string {
  const seen = inspect(value, {
    depth: 30,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null,
  })
  const causes: unknown[] = []
  for (let error = value; error instanceof Error && causes.length < 20; error = error.cause)
    causes.push(error.stack, error.message)
  return [seen, String(value), jsonOf(value), ...causes].join('\n')
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // It has circles, as apps have.
    return ''
  }
}

/** An app in this process, and all that it logs. */
function appWith(storage: RedisStorageOptions) {
  const { logger, lines } = listLogger()
  const app = new Quayside({ storage: redisStorage({ timeout: '400ms', ...storage }), logger })
  onTestFinished(() => app.close())
  return { app, lines }
}

test('no password is in what programs print, with a wrong one and through an outage', async (context) => {
  const scene = await Scene.open(context, '--requirepass', RIGHT)
  const timeout = '400ms'
  const right = { url: withPassword(scene.server.url, RIGHT), timeout } as const
  const wrong = { url: withPassword(scene.server.url, WRONG), timeout } as const
  const mix = [{ isOwn: true }]
  const denied = await scene.worker({ storage: wrong })
  const worker = await scene.worker({ storage: right })
  await scene.producer({ storage: right, mix })
  await denied.says('refuses the user name or the password')

  await scene.server.stop()
  await worker.says('the storage does not answer')
  await eventually('enqueues fail', () => scene.ledger.of('refused')[0])
  await scene.server.start()
  await worker.says('the storage answers again')

  const told = scene.output + JSON.stringify(scene.ledger.notes)
  const redis = scene.redis({ password: RIGHT })
  const stored = await Promise.all((await redis.keys('*')).map((key) => redis.dumpBuffer(key)))
  const kept =
    Buffer.concat(stored.map((dump) => dump ?? Buffer.of())).toString('latin1') + (await redis.client('LIST'))
  console.log(`${told.length} characters printed and noted, ${kept.length} kept in Redis: no password among them`)
  expect(told).not.toMatch(CANARY)
  expect(kept).not.toMatch(CANARY)
}, 60_000)

test('no password is in an error, a log line, or what an inspector shows', async (context) => {
  const scene = await Scene.open(context, '--requirepass', RIGHT)
  const { url, port } = { url: scene.server.url, port: scene.server.port }
  const seen: string[] = []
  const see = (...values: unknown[]) => void seen.push(...values.map(everythingOf))

  for (const storage of [
    { url: withPassword(url, WRONG) },
    { url: url.replace('//', `//nobody:${encodeURIComponent(WRONG)}@`) },
    { redis: { port, password: WRONG } },
    { url: withPassword('redis://127.0.0.1:1', RIGHT) },
    { url: withPassword('redis://no.such.host.invalid:6379', RIGHT) },
    { url: withPassword(url.replace('redis:', 'rediss:'), RIGHT) },
    { redis: { sentinels: [{ host: '127.0.0.1', port: 1 }], name: 'main', password: RIGHT, sentinelPassword: WRONG } },
  ] satisfies RedisStorageOptions[]) {
    const { app, lines } = appWith(storage)
    see(await failing(app.client.push({ class: 'Work', args: [] })), app, redisStorage(storage), lines)
  }

  const { app, lines } = appWith({ url: withPassword(url, RIGHT) })
  app.job('Work', { perform: () => {} })
  const worker = app.work()
  await app.client.push({ class: 'Work', args: [] })
  await eventually('it is performed', async () => (await app.stats()).processed === 1)
  see(app, worker, await app.stats(), await app.workers(), await app.queues(), await app.metrics())
  await scene.server.stop()
  see(await failing(app.client.push({ class: 'Work', args: [] })), await failing(app.stats()), app, worker, lines)
  await scene.server.start()

  const options: Record<string, unknown>[] = [
    { url: `http://:${WRONG}@host` },
    { url: 'redis://:canary@host:no-port' },
    { url: 'redis://:canary@host/not-a-number' },
    { url: 'redis://:canary@host', cluster: ['redis://:canary@host'] },
    { cluster: ['redis://:canary@host'] },
    { redis: { password: 'canary', keyPrefix: 'x' } },
    { url: 'redis://:canary@host', pasword: 'canary' },
    { url: { password: 'canary' } },
    { redis: 'redis://:canary@host' },
    { client: { password: 'canary' } },
  ]
  for (const each of options) {
    const [result] = await Promise.allSettled([(async () => redisStorage(each as RedisStorageOptions))()])
    expect(result?.status).toBe('rejected')
    see(result?.status === 'rejected' && result.reason)
  }
  console.log(
    `${seen.length} errors, apps and answers inspected, ${seen.join('').length} characters: no password in them`,
  )
  expect(seen.filter((text) => CANARY.test(text))).toEqual([])
}, 60_000)
