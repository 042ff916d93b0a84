import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { systemClock } from '../../src/clock.ts'
import { silentLogger } from '../../src/logger.ts'
import type { Entry, PushId } from '../../src/storage.ts'

async function store() {
  let now = Date.parse('2026-12-24T08:00Z')
  const clock = { ...systemClock, now: () => now }
  const dead = { max: 10_000, forMs: 180 * 86_400_000 }
  const storage = await memoryStorage()({ clock, logger: silentLogger, namespace: '', dead })
  const pass = (ms: number) => {
    now += ms
  }
  return { storage, pass }
}

function entry(jid: string, more: Partial<Entry> = {}): Entry {
  const text = JSON.stringify({
    class: 'HardJob',
    args: [1, 'visa'],
    jid,
    queue: 'default',
    enqueued_at: 1_790_000_000.5,
  })
  return { jid, queue: 'default', text, delayMs: 0, ...more }
}

let pushes = 0

const push = (): PushId => ({ client: 'test', number: ++pushes })

it('a waiting job costs at most 400 bytes beyond its text', async () => {
  const { storage } = await store()
  const count = 100_000
  let textBytes = 0
  const before = heapUsed()
  for (let from = 0; from < count; from += 1_000) {
    const entries = Array.from({ length: 1_000 }, () => entry(systemClock.id()))
    for (const { text } of entries) textBytes += text.length
    await storage.push(entries, push())
  }
  const after = heapUsed()
  expect((await storage.stats(0)).enqueued).toBe(count)
  expect((after - before - textBytes) / count).toBeLessThan(400)
})

it('many jobs that were unique, chosen, scheduled and performed leave nothing behind', async () => {
  const { storage, pass } = await store()
  const asked = { worker: 'w', leaseMs: 60_000, lane: 'a', queues: ['default'], ahead: 0, begun: [] }
  const perform = async (from: number, count: number) => {
    for (let i = from; i < from + count; i++) {
      const unique = { key: `unique ${i}`, forMs: 1_000 }
      await storage.push([entry(`j${i}`, { delayMs: 1, chosen: true, unique })], push())
      pass(20)
      await storage.promote(10)
      const { jobs } = await storage.exchange({ ...asked, request: 2 * i, limit: 10, settlements: [] })
      const settlements = jobs.map(({ token }) => ({ token, to: 'nowhere' as const, tally: 'ok' as const }))
      await storage.exchange({ ...asked, request: 2 * i + 1, limit: 0, settlements })
    }
  }
  await perform(1, 40_000) // more than ten minutes: from here on, as much is forgotten as is remembered
  const before = heapUsed()
  await perform(40_001, 40_000)
  expect((heapUsed() - before) / 40_000).toBeLessThan(20)
  expect((await storage.stats(0)).processed).toBe(80_000)
})

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
