import { expect, type TestContext, test } from 'vitest'
import { failing } from '../redis/until.ts'
import { eventually } from './eventually.ts'
import type { Order } from './orders.ts'
import { placesOf } from './places.ts'
import { type Cut, FaultyProxy } from './proxy.ts'
import { Scene } from './scene.ts'

/** An app that reaches Redis through a proxy, and one that reaches it straight. */
async function behindProxy(context: TestContext) {
  const scene = await Scene.open(context)
  const proxy = await FaultyProxy.open(scene.server.port)
  context.onTestFinished(() => proxy.close())
  const app = scene.app({ url: proxy.url })
  return { scene, proxy, app, redis: scene.redis(), straight: scene.app() }
}

/** Offsets into requests, which have some hundred bytes, and into answers, which have few. */
const CUTS: readonly Omit<Cut, 'marker'>[] = [
  ...Array.from({ length: 24 }, (_, index) => ({ within: 'request' as const, after: index * 14 })),
  // With its fourth byte the answer is there.
  ...Array.from({ length: 3 }, (_, after) => ({ within: 'answer' as const, after })),
]

test.concurrent('an enqueue whose connection is cut once, at any byte, is stored once, and its caller hears of nothing', async (context) => {
  const { proxy, app, redis } = await behindProxy(context)
  const work = app.job<[Order]>('Work')
  await work.performAsync({ id: 'first' })
  for (const [index, cut] of CUTS.entries()) {
    const id = `<${index}>`
    proxy.plan({ ...cut, marker: id })
    await work.performAsync({ id })
  }
  const counts = [...(await placesOf(redis)).values()].map((places) => places.length)
  console.log(`enqueues cut at ${proxy.cuts} offsets: ${counts.length - 1} stored, each once`)
  expect(proxy.cuts).toBe(CUTS.length)
  expect(counts).toEqual(Array(CUTS.length + 1).fill(1))
}, 60_000)

test.concurrent('an enqueue that is cut again tells that nobody knows, and repeated with its jid is stored once', async (context) => {
  const { proxy, app, redis } = await behindProxy(context)
  const work = app.job<[Order]>('Work')
  await work.performAsync({ id: 'first' })
  for (const [index, cut] of CUTS.entries()) {
    const id = `<${index}>`
    const own = work.set({ jid: `jid-${index}` })
    proxy.plan({ ...cut, marker: id }, { ...cut, marker: id })
    const error = await failing(own.performAsync({ id }))
    expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'unknown' })
    expect(await own.performAsync({ id })).toBe(`jid-${index}`)
  }
  const counts = [...(await placesOf(redis)).values()].map((places) => places.length)
  console.log(
    `enqueues cut twice at ${CUTS.length} offsets: all told 'unknown', ${counts.length - 1} stored, each once`,
  )
  expect(proxy.cuts).toBe(2 * CUTS.length)
  expect(counts).toEqual(Array(CUTS.length + 1).fill(1))
}, 60_000)

test.concurrent('a job whose claim or settlement is answered into a cut connection is performed once', async (context) => {
  const { proxy, app, redis, straight } = await behindProxy(context)
  const runs: string[] = []
  const after = new Map<string, Omit<Cut, 'marker'>>()
  app.job('Work', {
    perform({ id }: Order) {
      runs.push(id)
      const cut = after.get(id)
      // The next thing that the worker asks is to settle this job.
      if (cut) proxy.plan({ ...cut, marker: '' })
    },
  })
  app.work()
  const work = straight.job<[Order]>('Work')
  const ids: string[] = []
  for (let offset = 0; offset < 40; offset++) {
    for (const within of ['request', 'answer', 'bringing'] as const) {
      const id = `<${within} ${offset}>`
      const cut = { within, after: within === 'request' ? offset * 8 : within === 'answer' ? offset : offset * 10 }
      if (within === 'bringing') proxy.plan({ ...cut, marker: id })
      else after.set(id, cut)
      ids.push(id)
      await work.performAsync({ id })
      await eventually(`${id} is settled`, async () => {
        return Number(await redis.get('stat:processed')) === ids.length
      })
    }
  }
  console.log(
    `claims and settlements cut at ${ids.length} offsets: ${proxy.cuts} cuts, ${runs.length} runs of ${ids.length} jobs`,
  )
  expect(runs).toEqual(ids)
  expect((await placesOf(redis)).size).toBe(0)
  expect(proxy.cuts).toBeGreaterThan(ids.length / 2)
}, 120_000)

test.concurrent('half-open connections are found and replaced, by workers and by producers', async (context) => {
  const { proxy, app, straight } = await behindProxy(context)
  const begun = new Map<string, number>()
  const own = app.job('Work', { perform: ({ id }: Order) => void begun.set(id, performance.now()) }).set({ jid: 'own' })
  const work = straight.job<[Order]>('Work')
  /** Milliseconds from a push to the start of the job. */
  async function startMs(id: string): Promise<number> {
    const pushedAt = performance.now()
    await work.performAsync({ id })
    return (await eventually(`${id} begins`, () => begun.get(id))) - pushedAt
  }
  app.work()
  await startMs('first')
  await eventually('it listens', () => proxy.listeners)

  proxy.silence()
  const workerMs = await startMs('all connections half open')
  await eventually('it listens again', () => proxy.listeners)
  const againMs = await startMs('all replaced')

  proxy.silence('listeners')
  const deafMs = await startMs('listener half open')
  await eventually('the listener is replaced', () => proxy.listeners)
  const hearsMs = await startMs('listener replaced')

  proxy.silence()
  const began = performance.now()
  const error = await failing(own.performAsync({ id: 'own' }))
  const producerMs = performance.now() - began
  await own.performAsync({ id: 'own' })
  await eventually('own begins', () => begun.get('own'))

  const shown = [workerMs, againMs, deafMs, hearsMs, producerMs].map((ms) => Math.round(ms))
  console.log(
    `half open: a job started after ${shown[0]} ms, the next after ${shown[1]} ms; with only the listener half open ` +
      `after ${shown[2]} ms, the next after ${shown[3]} ms; an enqueue failed after ${shown[4]} ms`,
  )
  // A look every five seconds, and five seconds to answer it.
  expect(workerMs).toBeLessThan(12_000)
  expect(deafMs).toBeLessThan(6_000)
  for (const ms of [againMs, hearsMs]) expect(ms).toBeLessThan(500)
  expect(producerMs).toBeLessThan(6_000)
  expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'unknown' })
}, 90_000)
