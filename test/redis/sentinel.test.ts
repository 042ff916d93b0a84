import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connections } from '../../adapters/redis/connection/connect.ts'
import type { Script } from '../../adapters/redis/link.ts'
import { clientsOf, connected } from './connected.ts'
import { RedisServer } from './redis-server.ts'
import { failing, until } from './until.ts'

const LOOK: Script = { name: 'look', lua: "return redis.call('EXISTS', KEYS[1])" }

let primary: RedisServer
let replica: RedisServer
let sentinel: RedisServer

beforeAll(async () => {
  primary = await RedisServer.start()
  replica = await RedisServer.start('--replicaof', '127.0.0.1', String(primary.port), '--repl-diskless-sync-delay', '0')
  sentinel = await RedisServer.startSentinel(
    `sentinel monitor main 127.0.0.1 ${primary.port} 1`,
    'sentinel down-after-milliseconds main 500',
    'sentinel failover-timeout main 3000',
  )
  const client = sentinel.client()
  const knows = async () =>
    JSON.stringify(await client.call('SENTINEL', 'replicas', 'main')).includes(`${replica.port}`)
  await until('the sentinel knows the replica', knows, 20_000)
  client.disconnect()
}, 40_000)
afterAll(() => Promise.all([primary, replica, sentinel].map((server) => server.destroy())))

function open(name: string): Connections {
  return connected({ redis: { sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name }, timeout: '1s' })
}

test('a name that no sentinel knows is told', async () => {
  const { link, close } = open('other')
  const error = await failing(link.command('PING'))
  await close()
  expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
  expect(error.message).toMatch('No connection to Redis at other (by Sentinel)')
})

test('a url of a sentinel is told to be one', async () => {
  const { link, close } = connected({ url: sentinel.url })
  const error = await failing(link.command('PING'))
  await close()
  expect(error).toMatchObject({ name: 'OptionError' })
  expect(error.message).toMatch('This is a Sentinel')
})

test('the primary is found, and after a failover the next one; wakes go on', async () => {
  const { link, waking, close } = open('main')
  const wakes: string[] = []
  waking.subscribe((wake) => wakes.push(wake))
  await until('Redis tells of changes', () => wakes.length === 4)
  expect(await link.command('SET', 'x', 1)).toBe('OK')
  const admin = primary.client()
  const roles = clientsOf(await admin.client('LIST')).map(({ name }) => name)
  expect(roles.filter((name) => name?.startsWith('quayside:')).sort()).toEqual([
    'quayside:commands',
    'quayside:listener',
  ])
  admin.on('error', () => {}).disconnect()
  wakes.length = 0
  await primary.stop()
  await until('it works again', () => link.command('SET', 'x', 2).then(Boolean, () => false), 20_000)
  const next = replica.client()
  expect(await next.get('x')).toBe('2')
  await until('Redis tells of changes', () => wakes.length === 4)
  await link.run(LOOK, [], { keys: ['queue:a'], watch: true })
  await next.lpush('queue:a', 'x')
  await until('it is told', () => wakes.includes('claimable'))
  next.disconnect()
  await close()
}, 40_000)
