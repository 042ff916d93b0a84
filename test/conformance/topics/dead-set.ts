import { equal } from '../assert.ts'
import { job, jobs, push } from '../jobs.ts'
import { jidsIn, keysIn } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { DAY, HOUR, SECOND } from '../time.ts'
import { died, TestWorker } from '../workers.ts'

type Storage = Store['storage']

const small = { dead: { max: 10, forMs: 7 * DAY } }

async function die(storage: Storage, ...names: string[]): Promise<void> {
  await push(storage, ...names.map((jid) => job(jid)))
  const w = new TestWorker(storage, `worker of ${names[0]}`, HOUR)
  const claimed = await w.claim(names.length)
  await w.settle(...claimed.map((each) => died(each)))
}

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `job-${from + index}`)

export function deadSet(test: Test): void {
  test('it keeps fewer than its limit: the last to die', async ({ connect, advance }) => {
    const storage = await connect(small)
    for (const name of names(0, 12)) {
      await die(storage, name)
      await advance(SECOND)
    }
    equal(await jidsIn(storage, 'dead'), names(3, 12))
    equal((await storage.stats(0)).dead, 9)
  })

  test('it is trimmed in the same step, also when many die at once', async ({ connect }) => {
    const storage = await connect(small)
    await die(storage, ...names(0, 25))
    equal((await jidsIn(storage, 'dead')).length, 9)
  })

  test('it is trimmed when jobs are moved there', async ({ connect }) => {
    const storage = await connect(small)
    await push(storage, ...jobs('job', 20, { delayMs: HOUR }))
    const moves = (await keysIn(storage, 'scheduled')).map((key) => ({ key, to: 'dead' as const }))
    equal(await storage.move('scheduled', moves), Array(20).fill(true))
    equal((await jidsIn(storage, 'dead')).length, 9)
    equal((await storage.stats(0)).scheduled, 0)
  })

  test('it keeps none that is older than its age limit, once another dies', async ({ connect, advance }) => {
    const storage = await connect(small)
    await die(storage, 'old')
    await advance(4 * DAY)
    await die(storage, 'young')
    equal(await jidsIn(storage, 'dead'), ['old', 'young'])
    await advance(4 * DAY)
    await die(storage, 'new')
    equal(await jidsIn(storage, 'dead'), ['young', 'new'])
  })
}
