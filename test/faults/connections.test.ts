import type { Redis } from 'ioredis'
import { expect, type TestContext, test } from 'vitest'
import { eventually, sleep } from './eventually.ts'
import type { Enqueue } from './orders.ts'
import { now } from './programs/note.mjs'
import { expectFaultless, Scene } from './scene.ts'

const MIX: readonly Enqueue[] = [{ ms: 3, isOwn: true }, {}, { ms: 10, isOwn: true }, { wait: '200ms' }]

/** Two workers and a producer at work, and what breaks something again and again for so long. */
async function underLoad(
  context: TestContext,
  seconds: number,
  everyMs: number,
  breakIt: (redis: Redis) => Promise<unknown>,
) {
  const scene = await Scene.open(context)
  const workers = await scene.workers(2)
  const producer = await scene.producer({ mix: MIX, lanes: 8, pauseMs: 20 })
  const redis = scene.redis()
  const begin = now()
  let times = 0
  for (; now() - begin < seconds * 1_000; times++) {
    await breakIt(redis)
    await sleep(everyMs)
  }
  const end = now()
  await producer.stop()
  await scene.drained()
  const ended = scene.ledger.of('ended').filter(({ at }) => at >= begin && at < end)
  const bySecond = Array.from({ length: seconds }, (_, second) => {
    return ended.filter(({ at }) => Math.floor((at - begin) / 1_000) === second).length
  })
  return { scene, workers, redis, times, bySecond }
}

/** Milliseconds from the push of a job to its start on an idle worker. */
async function wakesMs(scene: Scene, count: number): Promise<number[]> {
  const app = scene.app()
  const work = app.job<[{ id: string }]>('Work')
  const wakes: number[] = []
  for (let n = 0; n < count; n++) {
    // Long enough for the worker to have asked Redis to tell.
    await sleep(60)
    const pushedAt = now()
    await work.performAsync({ id: `wake-${n}` })
    wakes.push((await scene.noted(({ what, id }) => what === 'begun' && id === `wake-${n}`)).at - pushedAt)
  }
  return wakes.sort((one, other) => one - other)
}

const median = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)] as number

test.for(['normal', 'pubsub'])(
  'every %s connection killed ten times a second, under load',
  { timeout: 90_000 },
  async (type, context) => {
    let killed = 0
    const { scene, workers, times, bySecond } = await underLoad(context, 10, 100, async (redis) => {
      killed += Number(await redis.call('client', 'kill', 'type', type))
    })
    await eventually('Redis tells both workers of changes', async () => {
      return (await trackers(scene.redis())) === workers.length
    })
    const wakes = await wakesMs(scene, 30)
    const verdict = await scene.judge()
    console.log(
      `CLIENT KILL TYPE ${type}: ${killed} connections killed in ${times} rounds, ${verdict.stored} jobs acknowledged, ` +
        `${verdict.lost.length} lost, ${verdict.performedAgain} performed twice, ${Math.min(...bySecond)} performed in ` +
        `the slowest second; wake-ups afterwards p50 ${median(wakes).toFixed(1)} ms, worst ${wakes.at(-1)?.toFixed(1)} ms`,
    )
    expectFaultless(verdict)
    expect(killed).toBeGreaterThan(20)
    expect(Math.min(...bySecond)).toBeGreaterThan(0)
    // Without being told, a worker looks every five seconds, and where Redis tells of nothing every half.
    expect(median(wakes)).toBeLessThan(100)
  },
)

test('scripts forgotten every 50 ms, under load: nobody notices', async (context) => {
  const { scene, workers, times, bySecond } = await underLoad(context, 5, 50, (redis) => redis.script('FLUSH'))
  const verdict = await scene.judge()
  console.log(
    `SCRIPT FLUSH: ${times} times, ${verdict.stored} jobs acknowledged, ${verdict.lost.length} lost, ` +
      `${scene.ledger.of('refused').length} enqueues refused, ${Math.min(...bySecond)} performed in the slowest second`,
  )
  expectFaultless(verdict)
  expect(verdict.performedAgain).toBe(0)
  expect(scene.ledger.of('refused')).toEqual([])
  for (const { output } of workers) expect(output.match(/^(warn|error) .*/m)).toBeNull()
}, 60_000)

async function trackers(redis: Redis): Promise<number> {
  // The flags of a connection: what it watches is told to another one (t), and that one is gone (R).
  const flags = [...String(await redis.client('LIST')).matchAll(/ flags=(\w+)/g)].map(([, each]) => each)
  return flags.filter((each) => each?.includes('t') && !each.includes('R')).length
}
