import { expect, test } from 'vitest'
import { readInfo } from '../../adapters/redis/connection/server-check.ts'
import { serverFindings } from '../../adapters/redis/examine.ts'
import { queueFindings, workersFinding } from '../../src/cli/doctor/look-around.ts'
import type { Finding, WorkerState } from '../../src/index.ts'
import { RedisServer } from '../redis/redis-server.ts'
import { Ground } from './ground.ts'
import { quayside } from './quayside.ts'

const ground = new Ground()

async function findings(): Promise<Record<string, Finding>> {
  const found = (await ground.json('doctor')) as Finding[]
  return Object.fromEntries(found.map((finding) => [finding.about, finding]))
}

test('finds a Redis well, and says what to do where it is not', async () => {
  expect(await findings()).toMatchObject({
    version: { verdict: 'good', text: expect.stringMatching(/^Redis \d+\.\d+\.\d+, standalone$/) },
    eviction: { verdict: 'good' },
    persistence: { verdict: 'warning', remedy: expect.stringContaining('appendonly') },
    'round trip': { verdict: 'good' },
    scripts: { verdict: 'good' },
    clock: { verdict: 'good' },
    tracking: { verdict: 'good' },
    workers: { verdict: 'warning' },
  })
  expect((await ground.run('doctor')).exit).toBe(0)
})

test('is bad when jobs would be evicted, and ends with 1', async ({ onTestFinished }) => {
  const server = await RedisServer.start('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru')
  onTestFinished(() => server.destroy())
  const { exit, stdout } = await quayside(['doctor', '--redis', server.url])
  expect(stdout).toContain('BAD  eviction: maxmemory-policy is allkeys-lru')
  expect(stdout).toContain('-> CONFIG SET maxmemory-policy noeviction')
  expect(exit).toBe(1)
})

test('tells of what a user of few rights may not ask', async ({ onTestFinished }) => {
  const server = await RedisServer.start()
  onTestFinished(() => server.destroy())
  const redis = server.client()
  await redis.call('ACL', 'SETUSER', 'few', 'on', '>word', '~*', '&*', '+@all', '-client|tracking')
  await redis.quit()
  const { stdout } = await quayside(['doctor', '--redis', server.url.replace('//', '//few:word@')])
  expect(stdout).toMatch(/warn tracking: Redis refuses to tell: .*lacks a permission/)
})

test('finds queues that nobody serves, and dead processes with jobs', async () => {
  await ground.app.client.push({ class: 'Charge', args: [], queue: 'forgotten' })
  const redis = ground.server.client()
  await redis.sadd('processes', 'host:1:gone')
  await redis.zadd('quayside:leases', Date.now() - 60_000, 'ours:2')
  await redis.hset('quayside:claims:ours:2', '1', '{}')
  await redis.quit()
  const { exit, stdout } = await ground.run('doctor')
  expect(stdout).toMatch(/BAD {2}queue forgotten: nobody listens; 1 job waits, the next for \d+s/)
  expect(stdout).toContain('-> quayside work -q forgotten')
  expect(stdout).toContain('BAD  dead process: ours:2 is gone and holds 1 job')
  expect(stdout).toContain('1 listed and gone: host:1:gone')
  expect(exit).toBe(1)
})

test('judges what INFO says', () => {
  const judged = (info: string) =>
    serverFindings(readInfo(info.replaceAll('\n', '\r\n'))).map(({ about, verdict }) => `${about}: ${verdict}`)
  expect(judged('aof_enabled:1\nmaxmemory_policy:noeviction\nused_memory:90\nmaxmemory:100')).toEqual([
    'version: good',
    'eviction: good',
    'persistence: good',
    'memory: warning',
  ])
  expect(judged('aof_enabled:1\naof_last_write_status:err\nused_memory:99\nmaxmemory:100').slice(2)).toEqual([
    'persistence: bad',
    'memory: bad',
  ])
})

test('judges queues by who serves them', () => {
  const worker = { quiet: false, queues: ['served', 'late'], concurrency: 5 } as unknown as WorkerState
  const queue = (name: string, latencyMs = 0, paused = false) => ({ name, size: 1, latencyMs, paused })
  const queues = [queue('served'), queue('late', 600_000), queue('stopped', 0, true), queue('forgotten')]
  const judged = queueFindings([...queues, { ...queue('empty'), size: 0 }], [worker])
  expect(judged.map(({ about, verdict }) => `${about}: ${verdict}`)).toEqual([
    'queue late: warning',
    'queue stopped: warning',
    'queue forgotten: bad',
  ])
  expect(workersFinding([worker]).text).toBe('1 claim jobs, 5 at a time')
  expect(workersFinding([{ ...worker, quiet: true }]).verdict).toBe('warning')
})
