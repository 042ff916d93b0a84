import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openRedis } from '../../adapters/redis/open-redis.ts'
import type { RedisStorageOptions } from '../../adapters/redis/options.ts'
import { RENEW } from '../../adapters/redis/scripts/renew.ts'
import { dist } from '../../scripts/ready/dist.mjs'
import { systemClock } from '../../src/clock.ts'
import type { Storage } from '../../src/storage.ts'
import { TestWorker } from '../conformance/workers.ts'
import { clientsOf, connected, listLogger } from './connected.ts'
import { RedisServer } from './redis-server.ts'
import { until } from './until.ts'

const LEASE_MS = 2_000
const dead = { max: 100, forMs: 1e9 }

let server: RedisServer
let admin: Redis
let storage: Storage
let rescuer: TestWorker

beforeAll(async () => {
  await dist()
  server = await RedisServer.start()
  admin = server.client()
}, 60_000)
beforeEach(async () => {
  const { logger } = listLogger()
  storage = await openRedis(server.url, { namespace: '', clock: systemClock, logger, dead })
  rescuer = new TestWorker(storage, 'rescuer', LEASE_MS)
})
afterEach(async () => {
  await storage.close()
  await admin.flushall()
})
afterAll(async () => {
  admin.disconnect()
  await server.destroy()
})

/** Starts a process that blocks its loop, and resolves when it does. A thread cannot run from sources: it is dist. */
async function blocking(options: RedisStorageOptions, blockMs: number) {
  const file = new URL('blocking-worker.mjs', import.meta.url).pathname
  const args = [file, JSON.stringify({ url: server.url, ...options }), String(blockMs)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const lines: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => void lines.push(...text.trim().split('\n')))
  await until('it blocks', () => lines.includes('blocked'), 20_000)
  return { exit, lines, child }
}

/** Recovers again and again, until something was recovered or it is over. Answers after how many ms it was. */
async function recoveredAfter(isOver: () => boolean): Promise<number | undefined> {
  const began = performance.now()
  for (;;) {
    await rescuer.beat()
    if ((await storage.recover(rescuer.id)).requeued > 0) return performance.now() - began
    if (isOver()) return undefined
    await sleep(20)
  }
}

const roles = async () => clientsOf(await admin.client('LIST')).map(({ name }) => name)

test('a worker whose handler blocks its event loop keeps its jobs for longer than its lease', async () => {
  const { exit, lines } = await blocking({}, 3 * LEASE_MS)
  const recovered = recoveredAfter(() => lines.includes('free'))
  expect(await roles()).not.toContain('quayside:lease')
  await until('a thread renews the lease', async () => (await roles()).includes('quayside:lease'))
  expect(await recovered).toBeUndefined()
  expect(await exit).toEqual([0, null])
  expect(lines).toEqual(['blocked', 'free'])
}, 30_000)

test('it loses them when it blocks for longer than renewFor', async () => {
  const { exit, child } = await blocking({ renewFor: '3s' }, 60_000)
  const afterMs = await recoveredAfter(() => false)
  child.kill('SIGKILL')
  await exit
  // The last renewal is for another lease; and the loop turned for the last time a little before it blocked.
  expect(afterMs).toBeGreaterThan(3_000)
  expect(afterMs).toBeLessThan(3_000 + LEASE_MS + 2_000)
}, 30_000)

test('without renewing, it loses them with its lease', async () => {
  const { exit, child } = await blocking({ renewFor: '0s' }, 60_000)
  const afterMs = await recoveredAfter(() => false)
  child.kill('SIGKILL')
  await exit
  expect(afterMs).toBeLessThan(LEASE_MS + 2_000)
}, 30_000)

test.each([
  ['a client of somebody else', () => ({ client: admin }), 'the client is not made by Quayside'],
  ['options that cannot be copied', () => ({ url: server.url, redis: { retryStrategy: () => null } }), 'cloned'],
  ['a program that has lost the file of the thread, or cannot load it', () => ({ url: server.url }), 'file extension'],
])('with %s, the log says that only the main loop renews', async (_, options, reason) => {
  const { logger, lines } = listLogger()
  const own = await openRedis(options(), { namespace: '', clock: systemClock, logger, dead })
  await new TestWorker(own, 'w').beat()
  await until('the log says so', () =>
    lines.some(({ message }) => message.startsWith('leases are renewed on the main')),
  )
  expect(lines.at(-1)?.fields.reason).toMatch(reason)
  await own.close()
  expect(lines).toHaveLength(1)
})

test('a lease that is over is not renewed, nor one of a worker that is not there', async () => {
  const { link, close } = connected({ url: server.url })
  await rescuer.beat()
  const ends = await admin.zscore('quayside:leases', 'rescuer')
  await admin.zadd('quayside:leases', 1, 'over')
  await link.run(RENEW, ['over', 60_000, 'rescuer', 60_000, 'unheard-of', 60_000])
  const leases = await admin.zrange('quayside:leases', '0', '-1', 'WITHSCORES')
  expect(leases).toEqual(['over', '1', 'rescuer', expect.any(String)])
  expect(Number(leases[3])).toBeGreaterThan(Number(ends) + 50_000)
  await link.run(RENEW, ['rescuer', 10])
  expect(await admin.zscore('quayside:leases', 'rescuer')).toBe(leases[3])
  await close()
})
