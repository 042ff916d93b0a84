import { between, equal } from '../assert.ts'
import { job, jobs, push } from '../jobs.ts'
import { queue, rowsIn, waiting } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, MINUTE, SECOND, SLACK } from '../time.ts'
import { done, givenBack } from '../workers.ts'

/** The store's own time, read off a job that is due in an hour. */
async function nowOf({ storage }: Store): Promise<number> {
  await push(storage, job('to read the time', { delayMs: HOUR }))
  const at = (await rowsIn(storage, 'scheduled'))[0]?.at ?? 0
  await storage.cancel('to read the time')
  return at - HOUR
}

export function queues(test: Test): void {
  test('there are none at first, and scheduled jobs make none', async ({ storage }) => {
    equal(await storage.queues(), [])
    await push(storage, job('a', { delayMs: HOUR }))
    equal(await storage.queues(), [])
  })

  test('they are listed by name, with their sizes', async ({ storage }) => {
    await push(storage, ...jobs('b', 2, { queue: 'b' }), job('c', { queue: 'c' }), ...jobs('a', 3, { queue: 'a' }))
    const sizes = (await storage.queues()).map(({ name, size, paused }) => ({ name, size, paused }))
    equal(sizes, [
      { name: 'a', size: 3, paused: false },
      { name: 'b', size: 2, paused: false },
      { name: 'c', size: 1, paused: false },
    ])
  })

  test('a queue that ever held jobs stays, empty and without latency', async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w = worker('w')
    await w.settle(done(await w.takeOne()))
    equal(await storage.queues(), [{ name: 'default', size: 0, latencyMs: 0, paused: false }])
  })

  test('a promoted job makes its queue known', async ({ storage, advance }) => {
    await push(storage, job('a', { queue: 'late', delayMs: MINUTE }))
    await advance(MINUTE)
    await storage.promote(1)
    const [late] = await storage.queues()
    equal([late?.name, late?.size], ['late', 1])
  })

  test('the latency is how long the next job has waited', async (store) => {
    const { storage, advance, worker } = store
    const now = await nowOf(store)
    const waitingSince = (jid: string, ms: number) => job(jid, { fields: { enqueued_at: (now - ms) / SECOND } })
    await push(storage, waitingSince('a', 2 * HOUR), waitingSince('b', HOUR))
    const latency = async () => (await storage.queues())[0]?.latencyMs
    between(await latency(), 2 * HOUR, 2 * HOUR + SLACK, 'the latency')
    await advance(HOUR)
    between(await latency(), 3 * HOUR, 3 * HOUR + SLACK, 'the latency')
    const w = worker('w')
    const a = await w.takeOne()
    between(await latency(), 2 * HOUR, 2 * HOUR + SLACK, 'the latency of the job behind')
    await w.settle(givenBack(a))
    between(await latency(), 3 * HOUR, 3 * HOUR + SLACK, 'the latency of the job that was given back')
  })

  test('integer milliseconds are an instant too, as newer Sidekiqs write them', async (store) => {
    const now = await nowOf(store)
    await push(store.storage, job('a', { fields: { enqueued_at: Math.round(now - HOUR) } }))
    between((await store.storage.queues())[0]?.latencyMs, HOUR - 1, HOUR + SLACK, 'the latency')
  })

  test('a cleared queue is forgotten, and may come again', async ({ storage }) => {
    await push(storage, job('a', { queue: 'old' }), job('b', { queue: 'new' }))
    equal(await storage.clear(queue('old')), 1)
    equal(
      (await storage.queues()).map(({ name }) => name),
      ['new'],
    )
    await push(storage, job('c', { queue: 'old' }))
    equal((await storage.queues()).length, 2)
  })

  test('a paused queue gives nothing to claims, and pushes go on', async ({ storage, connect, worker }) => {
    await push(storage, job('a', { queue: 'paused' }), job('b', { queue: 'open' }))
    await (await connect()).pause('paused', true)
    const w = worker('w')
    const both = { queues: ['paused', 'open'] }
    equal((await w.claim(5, both)).length, 1)
    await push(storage, job('c', { queue: 'paused' }))
    equal(await w.claim(5, both), [])
    equal(await waiting(storage, 'paused'), ['a', 'c'])
    const [, paused] = await storage.queues()
    equal([paused?.name, paused?.paused, paused?.size], ['paused', true, 2])
    await storage.pause('paused', false)
    equal((await w.claim(5, both)).length, 2)
  })

  test('a paused queue is listed though it never held a job', async ({ storage }) => {
    await storage.pause('silent', true)
    await storage.pause('silent', true)
    equal(await storage.queues(), [{ name: 'silent', size: 0, latencyMs: 0, paused: true }])
  })

  test('due jobs are promoted into a paused queue', async ({ storage, advance, worker }) => {
    await storage.pause('default', true)
    await push(storage, job('a', { delayMs: MINUTE }))
    await advance(MINUTE)
    equal((await storage.promote(1)).promoted, 1)
    equal(await worker('w').claim(1), [])
    equal(await waiting(storage), ['a'])
  })

  test('what was claimed before the pause can be settled, and given back', async ({ storage, worker }) => {
    await push(storage, job('a'), job('b'))
    const w = worker('w')
    const [a, b] = await w.take(2)
    await storage.pause('default', true)
    equal((await w.settle(done(a), givenBack(b))).refused, [])
    equal(await waiting(storage), ['b'])
    equal(await w.claim(1), [])
  })
}
