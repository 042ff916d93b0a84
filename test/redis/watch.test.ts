import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { redisStorage } from '../../adapters/redis/index.ts'
import { Quayside, type WatchedJob } from '../../src/index.ts'
import { later } from '../engine/support/pier.ts'
import { RedisServer } from './redis-server.ts'
import { until } from './until.ts'

// Redis tells nobody of changes: whoever watches looks once a second, and sees runs as of their worker's last heartbeat.

let server: RedisServer

beforeAll(async () => {
  server = await RedisServer.start()
})
afterAll(() => server.stop())

function open(): Quayside {
  const app = new Quayside({ storage: redisStorage({ url: server.url }), logger: false })
  onTestFinished(() => app.close())
  return app
}

test('a job that another process performs is followed to its end', async () => {
  const [here, there] = [open(), open()]
  const runs = [later(), later()]
  let attempts = 0
  there.job('Send', { perform: () => runs[attempts++]?.promise })
  const jid = (await here.job('Send').performAsync()) as string
  const told: WatchedJob[] = []
  here.watch({ jid }, (job) => told.push(job))
  const state = () => told.at(-1)?.state
  await until('it waits', () => state() === 'waiting')
  there.work({ heartbeat: '200ms', lease: '4s' })
  await until('it runs', () => state() === 'running')
  runs[0]?.reject(new Error('boom'))
  await until('it waits for its retry', () => state() === 'retrying')
  await there.retries.retry(jid)
  await until('it runs again', () => state() === 'running' && told.at(-1)?.error !== undefined)
  expect(told.at(-1)).toMatchObject({ class: 'Send', queue: 'default', error: { class: 'Error', message: 'boom' } })
  runs[1]?.resolve()
  await until('it is done', () => state() === 'done')
})
