import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openRedis } from '../../adapters/redis/open-redis.ts'
import { systemClock } from '../../src/clock.ts'
import { silentLogger } from '../../src/logger.ts'
import type { Storage, Wake } from '../../src/storage.ts'
import { job } from '../conformance/jobs.ts'
import { TestWorker } from '../conformance/workers.ts'
import { clientsOf, connected } from './connected.ts'
import { RedisCluster } from './redis-cluster.ts'
import type { RedisServer } from './redis-server.ts'
import { failing, until } from './until.ts'

let cluster: RedisCluster
let opened: Storage[] = []

beforeAll(async () => {
  cluster = await RedisCluster.start()
}, 60_000)
afterEach(async () => {
  await Promise.all(opened.map((storage) => storage.close()))
  opened = []
})
afterAll(() => cluster.destroy())

async function open(prefix: string, urls: readonly string[] = cluster.urls, namespace = ''): Promise<Storage> {
  const settings = { namespace, clock: systemClock, logger: silentLogger, dead: { max: 100, forMs: 1e9 } }
  const storage = await openRedis({ cluster: urls, prefix }, settings)
  opened.push(storage)
  return storage
}

/** What a node says about itself. */
async function asked<T>(server: RedisServer, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = server.client()
  client.on('error', () => {})
  try {
    return await ask(client)
  } finally {
    client.disconnect()
  }
}

test('apps live beside each other, each whole on a node of its own, whichever seed they begin with', async () => {
  for (const index of [0, 1, 2]) {
    const storage = await open(await cluster.prefixOn(index), [cluster.urls[2] as string])
    const worker = new TestWorker(storage, 'w')
    await worker.beat()
    await storage.push([job('now'), job('later', { delayMs: 1 }), job('one', { unique: { key: 'k', forMs: 1_000 } })], {
      client: 'c',
      number: 1,
    })
    await until('it is due', async () => (await storage.promote(10)).promoted === 1)
    const jobs = await worker.take(3)
    await worker.settle(...jobs.map(({ token }) => ({ token, to: 'nowhere' as const, tally: 'ok' as const })))
    expect(await storage.stats(1)).toMatchObject({ processed: 3, enqueued: 0 })
  }
  const sizes = await Promise.all(cluster.nodes.map((node) => asked(node, (client) => client.dbsize())))
  expect(sizes.every((size) => size > 0)).toBe(true)
})

test('a push wakes a worker, which has two connections in all', async () => {
  const prefix = await cluster.prefixOn(1)
  const storage = await open(prefix, cluster.urls, 'two')
  const wakes: Wake[] = []
  storage.subscribe?.((wake) => wakes.push(wake))
  const worker = new TestWorker(storage, 'w')
  await until('Redis tells of changes', () => wakes.length === 4)
  expect(await worker.claim(1)).toEqual([])
  wakes.length = 0
  await (await open(prefix, cluster.urls, 'two')).push([job('a')], { client: 'c', number: 2 })
  await until('it is told', () => wakes.includes('claimable'))
  await worker.takeOne()
  await opened.pop()?.close()
  const roles = async () => {
    const lists = await Promise.all(cluster.nodes.map((node) => asked(node, (client) => client.client('LIST'))))
    return lists.flatMap((list) => clientsOf(list).map(({ name }) => name)).filter((name) => name?.endsWith(':two'))
  }
  await until('the other is gone', async () => (await roles()).length === 2)
  expect((await roles()).sort()).toEqual(['quayside:commands:two', 'quayside:listener:two'])
})

test('a plain url of a cluster asks for a hash tag', async () => {
  const { link, close } = connected({ url: cluster.urls[0] as string })
  const error = await failing(link.command('PING'))
  await close()
  expect(error).toMatchObject({ name: 'OptionError' })
  expect(error.message).toMatch("prefix: '{shop}:'")
})

test('a slot that moves to another node is followed', async () => {
  const tag = '{moving}'
  const { link, close } = connected({ cluster: cluster.urls, prefix: `${tag}:` })
  expect(await link.command('SET', `${tag}:x`, 1)).toBe('OK')
  const slot = await asked(cluster.nodes[0] as RedisServer, (client) => client.cluster('KEYSLOT', tag))
  const owner = Math.floor(slot / Math.ceil(16_384 / 3))
  const [from, to] = [cluster.nodes[owner], cluster.nodes[(owner + 1) % 3]] as [RedisServer, RedisServer]
  const id = await asked(to, (client) => client.cluster('MYID'))
  await asked(from, (client) => client.del(`${tag}:x`))
  for (const node of [to, from]) await asked(node, (client) => client.cluster('SETSLOT', slot, 'NODE', id))
  expect(await link.command('SET', `${tag}:x`, 2)).toBe('OK')
  expect(await asked(to, (client) => client.get(`${tag}:x`))).toBe('2')
  await close()
})

test('when a node dies, its replica is found, and wakes go on', async () => {
  const storage = await open(await cluster.prefixOn(0))
  const wakes: Wake[] = []
  storage.subscribe?.((wake) => wakes.push(wake))
  await until('Redis tells of changes', () => wakes.length === 4)
  wakes.length = 0
  await cluster.nodes[0]?.stop()
  await until('it works again', () => storage.queues().then(Boolean, () => false), 20_000)
  await until('Redis tells of changes', () => wakes.length === 4)
  const worker = new TestWorker(storage, 'w2')
  expect(await worker.claim(1)).toEqual([])
  wakes.length = 0
  await storage.push([job('b')], { client: 'd', number: 1 })
  await until('it is told', () => wakes.includes('claimable'))
}, 30_000)
