import { expect, test } from 'vitest'
import type { Quayside } from '../../src/index.ts'
import { failing } from '../redis/until.ts'
import { eventually } from './eventually.ts'
import type { Order } from './orders.ts'
import { expectFaultless, Scene } from './scene.ts'

const PADDING = 'x'.repeat(20_000)

/** Enqueues until Redis is full. Answers how many jobs it took, and the error of the first that it did not. */
async function fill(app: Quayside) {
  const work = app.job<[Order, string]>('Work', { retry: 5 })
  for (let count = 0; ; count++) {
    // Some are to fail once: they come back longer than they were.
    const order = { id: `job-${count}`, ...(count % 5 === 0 && { fails: 1 }) }
    const [result] = await Promise.allSettled([work.performAsync(order, PADDING)])
    if (result?.status === 'rejected') return { count, error: result.reason }
  }
}

test('a full Redis refuses jobs and lets all others work it empty', async (context) => {
  const scene = await Scene.open(context, '--maxmemory', '12mb')
  const redis = scene.redis()
  const app = scene.app()
  const { count, error } = await fill(app)
  expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
  expect(error.message).toMatch('Redis is full')

  // However much is worked off, it stays full.
  await redis.config('SET', 'maxmemory', '1mb')
  const work = { concurrency: 5, lease: '1500ms', heartbeat: '400ms' } as const
  const victim = await scene.worker({ work })
  await eventually('a worker works', () => scene.ledger.of('ended')[0])
  await scene.kill(victim)
  const worker = await scene.worker({ work })
  const beatAt = async () => (await app.workers()).find((one) => one.worker.startsWith(worker.name))?.beatAt ?? 0
  const firstBeat = await eventually('it beats', async () => await beatAt())
  await scene.drained()
  await eventually('it still beats', async () => (await beatAt()) > firstBeat)
  const still = await failing(app.client.push({ class: 'Work', args: [{ id: 'too-much' }] }))
  expect(still).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })

  await redis.config('SET', 'maxmemory', '12mb')
  // The memory that the jobs took is free again: as many fit in.
  const again = scene.app()
  await again
    .job<[Order, string]>('Work')
    .performBulk(Array.from({ length: Math.floor(count * 0.8) }, (_, index) => [{ id: `again-${index}` }, PADDING]))
  await scene.drained()
  const verdict = await scene.judge()
  const retries = scene.ledger.of('failed').length
  console.log(
    `full at ${count} jobs: ${count} worked off while full, ${retries} runs failed and were retried, ` +
      `${verdict.performedAgain} performed twice after a kill; ${verdict.performed} performed in all`,
  )
  expectFaultless(verdict)
  expect(verdict.performed).toBe(count + Math.floor(count * 0.8))
  expect(retries).toBeGreaterThanOrEqual(count / 5)
}, 120_000)
