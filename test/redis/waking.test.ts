import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Connections } from '../../adapters/redis/connection/connect.ts'
import type { Script } from '../../adapters/redis/link.ts'
import { Reluctance } from '../../adapters/redis/waking/reluctance.ts'
import { wakeOf } from '../../adapters/redis/waking/wake-of.ts'
import { systemClock } from '../../src/clock.ts'
import type { Wake } from '../../src/storage.ts'
import { clientsOf, connected, type Line } from './connected.ts'
import { RedisServer } from './redis-server.ts'
import { until } from './until.ts'

const LOOK: Script = { name: 'look', lua: "return redis.call('EXISTS', unpack(KEYS))" }
const ALL: readonly Wake[] = ['claimable', 'due', 'signal', 'recoverable']

let server: RedisServer
let admin: Redis
let opened: Connections[] = []

beforeAll(async () => {
  server = await RedisServer.start()
})
beforeEach(() => {
  admin = server.client({ protocol: 2 })
  admin.on('error', () => {})
})
afterEach(async () => {
  await Promise.all(opened.map(({ close }) => close()))
  opened = []
  await admin.flushall()
  admin.disconnect()
})
afterAll(() => server.destroy())

interface Listening extends Connections {
  readonly lines: Line[]
  /** What was heard since they were last emptied. */
  readonly wakes: Wake[]
  readonly end: () => void
  /** Watches keys, as a worker does that found nothing. */
  watch(...keys: string[]): Promise<unknown>
}

async function listening(options: Parameters<typeof connected>[0] = {}, clock = systemClock): Promise<Listening> {
  const connections = connected({ url: server.url, ...options }, { clock })
  opened.push(connections)
  const { link, waking } = connections
  const wakes: Wake[] = []
  const end = waking.subscribe((wake) => wakes.push(wake))
  await until('Redis tells of changes', () => wakes.length === 4)
  wakes.length = 0
  const watch = (...keys: string[]) => link.run(LOOK, [], { keys: keys.map((key) => link.prefix + key), watch: true })
  return { ...connections, wakes, end, watch }
}

const clients = async () => clientsOf(await admin.client('LIST')).filter(({ name }) => name?.startsWith('quayside:'))
const roles = async () => (await clients()).map(({ name }) => name).sort()

async function kill(role: string): Promise<void> {
  for (const { id, name } of await clients())
    if (name === `quayside:${role}`) await admin.client('KILL', 'ID', id as string)
}

/** What was heard up to now, when all that Redis has to tell has arrived: it tells in order. */
async function heardBy({ waking, watch, link, wakes }: Listening): Promise<Wake[]> {
  await watch('quayside:arrivals')
  const arrived = new Promise<void>((resolve) => waking.subscribe((wake) => wake === 'recoverable' && resolve()))
  await admin.incr(`${link.prefix}quayside:arrivals`)
  await arrived
  return wakes.filter((wake) => wake !== 'recoverable')
}

test.each<[string, Wake | undefined]>([
  ['queue:default', 'claimable'],
  ['queue:x-signals', 'claimable'],
  ['queue:quayside:arrivals', 'claimable'],
  ['paused', 'claimable'],
  ['schedule', 'due'],
  ['retry', 'due'],
  ['host:1:abc-signals', 'signal'],
  ['quayside:cancelled:host:1:abc', 'signal'],
  ['quayside:arrivals', 'recoverable'],
  ['quayside:leases', undefined],
])('a change of %s means %s', (key, wake) => {
  expect(wakeOf(key)).toBe(wake)
})

describe.each([
  ['RESP2', { redis: { protocol: 2 } }],
  ['RESP3', { redis: { protocol: 3 } }],
] as const)('commands by %s', (_, options) => {
  test('each key that is watched is told of once, whoever changes it', async () => {
    const one = await listening(options)
    await one.watch('queue:a', 'queue:b', 'paused')
    await admin.lpush('queue:b', 'x')
    await until('it is told', () => one.wakes.includes('claimable'))
    await admin.lpush('queue:b', 'x')
    expect(await heardBy(one)).toEqual(['claimable'])
    await one.watch('schedule')
    await one.link.command('ZADD', 'schedule', 1, 'x')
    await until('it is told', () => one.wakes.includes('due'))
  })

  test('when all keys are gone, all may have happened', async () => {
    const one = await listening(options)
    await one.watch('queue:a')
    await admin.flushall()
    await until('it is told', () => one.wakes.length === 4)
    expect(one.wakes).toEqual(ALL)
  })
})

test('nothing is told that is not watched', async () => {
  const one = await listening({ prefix: 'app:' })
  await one.watch('queue:a')
  await one.link.run(LOOK, [], { keys: ['app:retry'] })
  await admin.mset('queue:a', 1, 'app:queue:b', 1, 'app:retry', 1)
  expect(await heardBy(one)).toEqual([])
})

test('the listener is there while somebody listens', async () => {
  const connections = connected({ url: server.url })
  opened.push(connections)
  const { link, waking } = connections
  await link.command('PING')
  expect(await roles()).toEqual(['quayside:commands'])
  const ends = [waking.subscribe(() => {}), waking.subscribe(() => {})]
  await until('there are two', async () => (await roles()).length === 2)
  expect(await roles()).toEqual(['quayside:commands', 'quayside:listener'])
  ends[0]?.()
  await link.command('PING')
  expect(await roles()).toHaveLength(2)
  ends[1]?.()
  await until('there is one', async () => (await roles()).length === 1)
  expect((await clients())[0]?.flags).not.toMatch('t')
})

test.each(['commands', 'listener'])('when the %s connection is killed, what is watched stays so', async (role) => {
  const one = await listening()
  await one.watch('queue:a')
  for (let turn = 0; turn < 5; turn++) {
    await kill(role)
    await until('all may have happened', () => one.wakes.length === 4)
    expect(one.wakes.splice(0)).toEqual(ALL)
  }
  await admin.lpush('queue:a', 'x')
  await until('it is told', () => one.wakes.includes('claimable'))
  expect(await roles()).toEqual(['quayside:commands', 'quayside:listener'])
})

test('what is watched before Redis tells of changes is told of, too', async () => {
  const connections = connected({ url: server.url })
  opened.push(connections)
  const wakes: Wake[] = []
  const { link, waking } = connections
  await link.command('PING')
  waking.subscribe((wake) => wakes.push(wake))
  await link.run(LOOK, [], { keys: ['queue:a'], watch: true })
  await until('Redis tells of changes', () => wakes.length === 4)
  wakes.length = 0
  await admin.lpush('queue:a', 'x')
  await until('it is told', () => wakes.includes('claimable'))
})

test('after an outage, all may have happened', async () => {
  const one = await listening()
  await one.watch('queue:a')
  await server.stop()
  await server.start()
  await until('all may have happened', () => one.wakes.length === 4)
  await admin.lpush('queue:a', 'x')
  await until('it is told', () => one.wakes.length === 5)
})

test('a half-open listener is found by its silence, and replaced', async () => {
  // A ping every 15 ms: there is no need to wait for seconds. Half a second to answer: on a busy machine a listener that
  // was given up too soon would be connecting anew when Redis stops, and nobody would ping.
  const quick = new Map([
    [15_000, 15],
    [5_000, 500],
  ])
  const over: number[] = []
  const after = (ms: number, run: () => void) =>
    systemClock.after(quick.get(ms) ?? ms, () => {
      run()
      // It judges a turn later. Redis must not go on before: its answer would come in time after all.
      systemClock.breathe(() => systemClock.breathe(() => over.push(ms)))
    })
  const one = await listening({ timeout: '8s' }, { ...systemClock, after })
  const before = (await clients()).find(({ name }) => name === 'quayside:listener')?.id
  await until('it is asked', async () => (await clients()).some(({ cmd }) => cmd === 'ping'))
  process.kill(server.pid, 'SIGSTOP')
  over.length = 0 // an answer may have been late before
  await until('it did not answer in time', () => over.includes(5_000))
  process.kill(server.pid, 'SIGCONT')
  await until('all may have happened', () => one.wakes.length >= 4)
  expect((await clients()).find(({ name }) => name === 'quayside:listener')?.id).not.toBe(before)
})

test('where Redis refuses to tell, workers look now and then, and the log says so once', async () => {
  await admin.acl('SETUSER', 'app', 'on', '>pass', '~*', '&*', '+@all', '-client|tracking')
  const connections = connected({ url: server.url.replace('//', '//app:pass@') })
  opened.push(connections)
  const wakes: Wake[] = []
  connections.waking.subscribe((wake) => wakes.push(wake))
  const began = performance.now()
  await until('they look three times', () => wakes.length === 6)
  expect(wakes).toEqual(['claimable', 'due', 'claimable', 'due', 'claimable', 'due'])
  expect(performance.now() - began).toBeGreaterThan(1_400)
  await kill('commands')
  await until('they look on', () => wakes.length > 8)
  const warnings = connections.lines.filter(({ level }) => level === 'warn')
  expect(warnings.map(({ message }) => message)).toEqual([
    'Redis does not tell of changes; workers look now and then instead',
  ])
  await admin.acl('SETUSER', 'app', '+client|tracking')
  await kill('commands')
  await until('Redis tells of changes', () => wakes.includes('signal'))
  await admin.acl('DELUSER', 'app')
})

test('a listener that throws harms nobody', async () => {
  const one = await listening()
  one.waking.subscribe(() => {
    throw new Error('mine')
  })
  const heard: Wake[] = []
  one.waking.subscribe((wake) => heard.push(wake))
  one.waking.ring('due')
  expect(heard).toEqual(['due'])
  expect(one.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
})

test('after close nobody can listen', async () => {
  const one = await listening()
  await one.close()
  expect(() => one.waking.subscribe(() => {})).toThrow('closed')
})

describe('a worker that is woken for nothing', () => {
  test('takes its time with the next wake, longer each time', () => {
    const reluctance = new Reluctance(() => 0.5)
    const delays: number[] = []
    for (let now = 0; now < 800; now += 100) {
      delays.push(reluctance.delayMs(now))
      reluctance.claimed(0, 0)
    }
    expect(delays).toEqual([0, 1, 2, 4, 8, 16, 25, 25])
  })

  test('does not after a claim that found something, nor after a quiet time', () => {
    const reluctance = new Reluctance(() => 0.5)
    const vain = (now: number) => {
      const delay = reluctance.delayMs(now)
      reluctance.claimed(0, now)
      return delay
    }
    expect([vain(0), vain(10), vain(20)]).toEqual([0, 1, 2])
    reluctance.claimed(1, 20)
    expect([vain(80), vain(90)]).toEqual([0, 1])
    expect(vain(1_091)).toBe(0)
  })

  test('does not when it has just found something, which may be what it was woken for', () => {
    const reluctance = new Reluctance(() => 0.5)
    reluctance.claimed(1, 100)
    const delays = [110, 120, 130, 160, 170].map((now) => {
      const delay = reluctance.delayMs(now)
      reluctance.claimed(0, now)
      return delay
    })
    expect(delays).toEqual([0, 0, 0, 0, 1])
  })

  test('looks that nobody woke it for are not counted', () => {
    const reluctance = new Reluctance(() => 0.5)
    for (let look = 0; look < 5; look++) reluctance.claimed(0, 0)
    expect(reluctance.delayMs(0)).toBe(0)
  })
})

test('wakes that follow a vain one are passed on later', async () => {
  const one = await listening({}, { ...systemClock, random: () => 0.99 })
  const began = performance.now()
  for (let turn = 1; turn <= 10; turn++) {
    await one.watch('queue:a')
    await admin.lpush('queue:a', 'x')
    await until('it is told', () => one.wakes.length === turn)
    one.waking.claimed(0)
  }
  // 0 + 2 + 4 + 8 + 16 + 32 + 4 * 50
  expect(performance.now() - began).toBeGreaterThan(250)
})
