import { expect, test } from 'vitest'
import { eventually } from './eventually.ts'
import { Scene } from './scene.ts'

/** What is promised with the default heartbeat and lease. */
const LONGEST_MS = 15_000
const VICTIMS = 3

test('with default settings, the jobs of a killed worker run again within 15 s', async (context) => {
  const scene = await Scene.open(context)
  const ids = Array.from({ length: VICTIMS }, (_, index) => `job-${index}`)
  const begun = (id: string) => scene.ledger.of('begun', id)
  const killedAt: number[] = []

  const victims = await scene.workers(VICTIMS, { work: { concurrency: 1 } })
  await scene.enqueue(...ids.map((id) => ({ id, ms: 300_000 })))
  await eventually('each victim has a job', () => scene.ledger.of('begun').length === VICTIMS)
  // The last one may judge the others only when it has been present for a lease: it starts late, which is worst.
  await scene.worker()
  for (const victim of victims) {
    await scene.kill(victim)
    killedAt.push(performance.now())
  }
  const recoveredMs = await Promise.all(
    ids.map(async (id) => {
      const again = await eventually(`${id} runs again`, () => begun(id)[1], 2 * LONGEST_MS)
      const victim = victims.findIndex(({ name }) => name === begun(id)[0]?.who)
      expect(again.who).not.toBe(victims[victim]?.name)
      return performance.now() - (killedAt[victim] as number)
    }),
  )
  console.log(`jobs of ${VICTIMS} killed workers ran again after ${seconds(recoveredMs)} s, with default settings`)
  expect(Math.max(...recoveredMs)).toBeLessThan(LONGEST_MS)
}, 60_000)

function seconds(list: readonly number[]): string {
  return list
    .map((ms) => (ms / 1000).toFixed(1))
    .sort()
    .join(', ')
}
