import { expect, test } from 'vitest'
import type { Enqueue } from './orders.ts'
import type { Program } from './program.ts'
import { expectFaultless, Scene } from './scene.ts'

const KILLS = 210

/** Jobs in all shapes: short, long, failing at first, for later, in bulk, with a jid of their own. */
const MIX: readonly Enqueue[] = [
  {},
  { ms: 5 },
  { ms: 20, isOwn: true },
  { ms: 300 },
  { fails: 1, isOwn: true },
  { wait: '400ms' },
  { ms: 2, bulk: 10 },
]

test(`${KILLS} processes killed at random: nothing acknowledged is lost`, async (context) => {
  const scene = await Scene.open(context)
  const startWorker = () => scene.worker({ work: { concurrency: 5, lease: '1500ms', heartbeat: '400ms' } })
  const startProducer = () => scene.producer({ mix: MIX, pauseMs: 100, lanes: 2 })
  const workers = await Promise.all(Array.from({ length: 4 }, startWorker))
  const producers = await Promise.all(Array.from({ length: 2 }, startProducer))

  async function replaceOne(crew: Program[], start: () => Promise<Program>) {
    const index = Math.floor(Math.random() * crew.length)
    await scene.kill(crew[index] as Program)
    crew[index] = await start()
  }
  const began = performance.now()
  for (let kill = 1; kill <= KILLS; kill++) {
    if (kill % 10 === 0) await replaceOne(producers, startProducer)
    else await replaceOne(workers, startWorker)
  }
  const seconds = (performance.now() - began) / 1000

  for (const producer of producers) await producer.stop()
  await scene.drained()
  const verdict = await scene.judge()
  const { stored, lost, performedAgain, dead } = verdict
  console.log(
    `${KILLS} kills in ${seconds.toFixed(0)} s, ${stored} jobs acknowledged, ${lost.length} lost, ` +
      `${performedAgain} performed twice, ${dead.length} dead after three recoveries`,
  )
  expectFaultless(verdict)
  expect(stored).toBeGreaterThan(1_000)
  // Without any, the kills hit nothing.
  expect(performedAgain).toBeGreaterThan(0)
}, 300_000)
