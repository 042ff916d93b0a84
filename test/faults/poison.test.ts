import { expect, test } from 'vitest'
import { eventually } from './eventually.ts'
import type { Program } from './program.ts'
import { expectFaultless, Scene } from './scene.ts'

const GOOD = 300

test('a job that kills its process is buried after three recoveries; all others are done', async (context) => {
  const scene = await Scene.open(context)
  const redis = scene.redis()
  const start = () => scene.worker({ work: { concurrency: 5, lease: '1500ms', heartbeat: '400ms' } })
  const orders = Array.from({ length: GOOD }, (_, index) => ({ id: `good-${index}`, ms: 15 }))
  await scene.enqueue(...orders.slice(0, 50), { id: 'pill', isPill: true }, ...orders.slice(50))

  const workers: Program[] = [await start(), await start()]
  const restarted = async (worker: Program) => {
    if (worker.isRunning) return worker
    await scene.kill(worker)
    return start()
  }
  await eventually('the pill is in the dead set', async () => {
    for (const [index, worker] of workers.entries()) workers[index] = await restarted(worker)
    return (await redis.zcard('dead')) > 0
  })
  await scene.drained()

  const runs = scene.ledger.of('begun', 'pill').length
  const [text = ''] = await redis.zrange('dead', 0, '-1')
  const verdict = await scene.judge()
  console.log(
    `a pill among ${GOOD} good jobs: it killed ${runs} processes and is dead; ` +
      `${verdict.performed} good ones done, ${verdict.performedAgain} of them performed twice`,
  )
  expectFaultless(verdict)
  expect(runs).toBe(3)
  expect(verdict.dead).toEqual(['pill'])
  expect(JSON.parse(text)).toMatchObject({ error_class: 'PoisonedJobError', args: [{ id: 'pill' }] })
  expect(verdict.performed).toBe(GOOD)
  // Only what ran beside it, twice: the third time it was alone.
  expect(verdict.performedAgain).toBeLessThanOrEqual(8)
}, 120_000)
