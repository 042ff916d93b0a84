import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { systemClock } from '../../src/clock.ts'
import { type Logger, silentLogger } from '../../src/logger.ts'
import type { Entry, Exchange, OpenStorage, PushId, Storage, Wake } from '../../src/storage.ts'

let now = 0
let open: OpenStorage

beforeEach(() => {
  now = Date.parse('2026-12-24T08:00Z')
  open = memoryStorage()
})

async function storage({ namespace = '', logger = silentLogger, from = open } = {}): Promise<Storage> {
  const clock = { ...systemClock, now: () => now }
  return from({ clock, logger, namespace, dead: { max: 10_000, forMs: 180 * 86_400_000 } })
}

function entry(jid: string, more: Partial<Entry> = {}): Entry {
  const text = JSON.stringify({ class: 'HardJob', args: [1, 'visa'], jid, queue: 'default', enqueued_at: now / 1000 })
  return { jid, queue: 'default', text, delayMs: 0, ...more }
}

let pushes = 0

const push = (): PushId => ({ client: 'test', number: ++pushes })

function ask(request: number, more: Partial<Exchange> = {}): Exchange {
  const none = { settlements: [], ahead: 0, begun: [] }
  return { worker: 'w', leaseMs: 60_000, lane: 'a', request, queues: ['default'], limit: 10, ...none, ...more }
}

async function size(of: Storage): Promise<number> {
  return (await of.stats(0)).enqueued
}

describe('two apps on one store', () => {
  it('see the same jobs', async () => {
    const [one, other] = [await storage(), await storage()]
    await one.push([entry('a')], push())
    const { jobs } = await other.exchange(ask(1))
    expect(jobs.map(({ text }) => JSON.parse(text).jid)).toEqual(['a'])
    expect((await one.stats(0)).running).toBe(1)
  })

  it('see nothing of each other in two namespaces', async () => {
    const [one, other] = [await storage({ namespace: 'one' }), await storage({ namespace: 'other' })]
    await one.push([entry('a', { chosen: true, unique: { key: 'k', forMs: 1_000 } })], push())
    await one.pause('default', true)
    expect(await other.queues()).toEqual([])
    expect(await other.push([entry('b', { unique: { key: 'k', forMs: 1_000 } })], push())).toEqual([])
    expect((await other.exchange(ask(1))).jobs).toHaveLength(1)
    expect(await one.workers()).toEqual([])
  })

  it('share nothing with another store', async () => {
    await (await storage()).push([entry('a')], push())
    expect(await size(await storage({ from: memoryStorage() }))).toBe(0)
  })

  it('close each for itself, and what is stored stays', async () => {
    const [one, other] = [await storage(), await storage()]
    const heard: Wake[] = []
    one.subscribe?.((wake) => heard.push(wake))
    await one.push([entry('a')], push())
    await one.close()
    await one.close()
    await expect(one.push([], push())).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(one.queues()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await other.push([entry('b')], push())
    expect(await size(other)).toBe(2)
    expect(await size(await storage())).toBe(2)
    expect(heard).toEqual(['claimable'])
  })
})

describe('a listener', () => {
  it('hears what other apps do, until it is ended', async () => {
    const [one, other] = [await storage(), await storage()]
    const heard: Wake[] = []
    const end = one.subscribe?.((wake) => heard.push(wake))
    await other.push([entry('later', { delayMs: 2_000 }), entry('latest', { delayMs: 3_000 }), entry('now')], push())
    expect(heard.toSorted()).toEqual(['claimable', 'due'])
    await other.push([entry('last', { delayMs: 4_000 })], push())
    expect(heard).toHaveLength(2)
    end?.()
    await other.push([entry('b')], push())
    expect(heard).toHaveLength(2)
  })

  it('that throws breaks no call, is logged, and keeps nobody else from hearing', async () => {
    const errors: unknown[] = []
    const logger: Logger = { ...silentLogger, error: ({ error }) => errors.push(error) }
    const one = await storage({ logger })
    const heard: Wake[] = []
    one.subscribe?.(() => {
      throw new Error('not my day')
    })
    one.subscribe?.((wake) => heard.push(wake))
    await expect(one.push([entry('a')], push())).resolves.toEqual([])
    expect(heard).toEqual(['claimable'])
    expect(errors).toEqual([new Error('not my day')])
  })

  it('may call the storage at once, and finds the call that woke it done', async () => {
    const one = await storage()
    let claimed: ReturnType<Storage['exchange']> | undefined
    one.subscribe?.((wake) => {
      if (wake === 'claimable') claimed = one.exchange(ask(1))
    })
    await one.push([entry('a'), entry('b')], push())
    expect((await claimed)?.jobs).toHaveLength(2)
  })

  it('hears of a worker whose lease may end sooner than any known before', async () => {
    const one = await storage()
    const heard: Wake[] = []
    one.subscribe?.((wake) => heard.push(wake))
    await one.exchange(ask(1))
    await one.exchange(ask(2))
    expect(heard).toEqual(['recoverable'])
  })
})

describe('no key is used again', () => {
  it('when jobs go back to the front in another order', async () => {
    const one = await storage()
    await one.push([entry('a'), entry('b')], push())
    const before = await one.page({ queue: 'default' }, { offset: 0, limit: 10 })
    const { jobs } = await one.exchange(ask(1))
    for (const [index, { token }] of jobs.entries()) {
      await one.exchange(ask(index + 2, { limit: 0, settlements: [{ token, to: 'queue', tally: 'none' }] }))
    }
    const stale = before.rows.map(({ key }) => key)
    expect(await one.remove({ queue: 'default' }, [...stale, '', ':', 'x:y', '0:'])).toBe(0)
    expect(await size(one)).toBe(2)
  })

  it('and no token, when the store is wiped', async () => {
    const one = await storage()
    await one.push([entry('a')], push())
    const token = (await one.exchange(ask(1))).jobs[0]?.token as number
    await one.wipe()
    await one.push([entry('b')], push())
    const again = await one.exchange(ask(1, { settlements: [{ token, to: 'nowhere', tally: 'ok' }] }))
    expect(again.refused).toEqual([token])
    expect(again.jobs[0]?.token).toBeGreaterThan(token)
    expect((await one.stats(0)).processed).toBe(0)
  })
})

it('forgets all but the last thousand pushes of a client', async () => {
  const one = await storage()
  for (let number = 1; number <= 10_000; number++) await one.push([], { client: 'c', number })
  await one.push([entry('a')], { client: 'c', number: 9_001 })
  expect(await size(one)).toBe(0)
  await one.push([entry('a')], { client: 'c', number: 9_000 })
  expect(await size(one)).toBe(1)
})
