import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis-5'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connections } from '../../adapters/redis/connection/connect.ts'
import type { Script } from '../../adapters/redis/link.ts'
import type { Wake } from '../../src/storage.ts'
import { clientsOf, connected } from './connected.ts'
import { RedisServer } from './redis-server.ts'
import { failing, until } from './until.ts'

const LOOK: Script = { name: 'look', lua: "return redis.call('EXISTS', KEYS[1])" }

let server: RedisServer
let admin: Redis
let opened: Connections[] = []
let clients: Redis[] = []

beforeAll(async () => {
  server = await RedisServer.start()
  admin = server.client()
  admin.on('error', () => {})
})
afterEach(async () => {
  await Promise.all(opened.map(({ close }) => close()))
  for (const client of clients) client.disconnect()
  opened = []
  clients = []
})
afterAll(async () => {
  admin.disconnect()
  await server.destroy()
})

describe.each([
  ['ioredis 6', Redis],
  ['ioredis 5', Redis5 as unknown as typeof Redis],
])('a client of %s', (_, Client) => {
  function borrowed(options = {}, storage = {}) {
    const client = new Client(server.port, '127.0.0.1', { connectionName: 'mine', ...options })
    client.on('error', () => {})
    clients.push(client)
    const connections = connected({ client, ...storage })
    opened.push(connections)
    return { client, ...connections }
  }

  const names = async () => clientsOf(await admin.client('LIST')).map(({ name }) => name)

  test('is used for commands, and stays open', async () => {
    const { client, link, close } = borrowed()
    expect(await link.run(LOOK, [], { keys: ['x'] })).toBe(0)
    expect(await names()).toContain('mine')
    expect(await names()).not.toContain('quayside:commands')
    await close()
    expect(await failing(link.command('PING'))).toMatchObject({ name: 'ClosedError' })
    expect(await client.ping()).toBe('PONG')
  })

  test('may connect when it is first needed', async () => {
    const { client, link } = borrowed({ lazyConnect: true })
    expect(await link.command('PING')).toBe('PONG')
    expect(client.status).toBe('ready')
  })

  test('has a sibling that listens, again after each of its reconnects', async () => {
    const { link, waking, close } = borrowed()
    const wakes: Wake[] = []
    waking.subscribe((wake) => wakes.push(wake))
    await until('Redis tells of changes', () => wakes.length === 4)
    await link.run(LOOK, [], { keys: ['queue:a'], watch: true })
    for (const { id, name } of clientsOf(await admin.client('LIST'))) {
      if (name === 'mine') await admin.client('KILL', 'ID', id as string)
    }
    await until('Redis tells of changes again', () => wakes.length === 8)
    await admin.lpush('queue:a', 'x')
    await until('it is told', () => wakes.length === 9)
    await admin.del('queue:a')
    await close()
    await until('the sibling is gone', async () => !(await names()).includes('quayside:listener'))
    expect(await names()).toContain('mine')
  })

  test('of a replica is asked again, now and then, until it is a primary', async () => {
    await admin.replicaof('127.0.0.1', 1)
    const { link } = borrowed()
    const waiting = link.command('SET', 'x', 1)
    expect((await failing(borrowed({}, { timeout: '300ms' }).link.command('PING'))).message).toMatch('is a replica')
    await admin.replicaof('NO', 'ONE')
    expect(await waiting).toBe('OK')
    await admin.replicaof('127.0.0.1', 1)
    const late = link.command('SET', 'x', 2)
    await admin.replicaof('NO', 'ONE')
    expect(await late).toBe('OK')
  })

  test('that has no connection is waited for, as long as a call may take', async () => {
    const { client, link } = borrowed({ retryStrategy: () => 50 }, { timeout: '300ms' })
    await link.command('PING')
    await server.stop()
    await until('it is cut', () => client.status !== 'ready')
    const waiting = failing(link.command('SET', 'late', 1))
    expect(await waiting).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
    await server.start()
    await until('it answers again', () => link.command('PING').then(Boolean, () => false))
    // What had no connection was not left in its offline queue either.
    expect(await link.command('GET', 'late')).toBeNull()
    await until('so does the other', () => admin.ping().then(Boolean, () => false))
  })
})
