import { equal } from '../assert.ts'
import { job, jobs, push, raw } from '../jobs.ts'
import { textsIn, waiting } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { DAY, HOUR, MINUTE } from '../time.ts'
import { type ClaimOptions, died, done, retried, type TestWorker } from '../workers.ts'

let losses = 0

/** A worker claims and is never heard of again; another one recovers. */
async function loseOnce({ worker, rescue }: Store, limit: number, how: ClaimOptions = {}): Promise<number> {
  await worker(`lost-${++losses}`).claim(limit, how)
  return (await rescue(worker('rescuer'))).requeued
}

/** How often the next job was recovered; it goes back. */
async function recoveriesOfNext({ worker }: Store): Promise<number> {
  const looker: TestWorker = worker('looker')
  const { recoveries } = await looker.takeOne()
  await looker.storage.retire('looker')
  return recoveries
}

export function poison(test: Test): void {
  test('each recovery within 72 hours is counted', async (store) => {
    const { storage, advance } = store
    await push(storage, job('pill'))
    for (const recoveries of [1, 2, 3]) {
      equal(await loseOnce(store, 1), 1, `recovery ${recoveries}`)
      equal(await recoveriesOfNext(store), recoveries)
      await advance(20 * HOUR)
    }
  })

  test('a recovered job keeps its bytes', async (store) => {
    const text = '{"class":"A","jid":"pill", "queue":"default","args":[12345678901234567890,1.0,"\u2028 🚲"]}'
    await push(store.storage, raw('pill', text))
    for (let recovery = 0; recovery < 3; recovery++) await loseOnce(store, 1)
    equal(await textsIn(store.storage, { queue: 'default' }), [text])
  })

  test('the count ends with the job: done, dead, or deleted', async (store) => {
    const { storage, worker } = store
    const ends = [done, died].map((end) => async () => {
      const w = worker('ender')
      await w.settle(end(await w.takeOne()))
      await storage.retire('ender')
    })
    ends.push(async () => void (await storage.clear({ queue: 'default' })))
    for (const end of ends) {
      await push(storage, job('pill'))
      await loseOnce(store, 1)
      equal(await recoveriesOfNext(store), 1)
      await end()
      await push(storage, job('pill'))
      equal(await recoveriesOfNext(store), 0)
      await storage.clear({ queue: 'default' })
    }
  })

  test('recoveries that lie further apart are forgotten', async (store) => {
    const { storage, advance } = store
    await push(storage, job('slow'))
    for (let recovery = 0; recovery < 5; recovery++) {
      equal(await loseOnce(store, 1), 1)
      equal(await recoveriesOfNext(store), 1)
      await advance(3 * DAY + MINUTE)
    }
    equal(await waiting(storage), ['slow'])
  })

  test('of recoveries spread over more than 72 hours, those within count', async (store) => {
    const { storage, advance } = store
    await push(storage, job('slow'))
    for (const recoveries of [1, 2, 2]) {
      equal(await loseOnce(store, 1), 1)
      equal(await recoveriesOfNext(store), recoveries)
      await advance(40 * HOUR)
    }
    equal(await waiting(storage), ['slow'])
  })

  test('three of four recoveries within 72 hours are enough', async (store) => {
    const { storage, advance } = store
    await push(storage, job('pill'))
    for (const hours of [40, 40, 20]) {
      equal(await loseOnce(store, 1), 1)
      await advance(hours * HOUR)
    }
    equal(await loseOnce(store, 1), 1)
    equal(await recoveriesOfNext(store), 3)
  })

  test('jobs that were only read ahead never count', async (store) => {
    await push(store.storage, ...jobs('job', 2))
    for (let recovery = 0; recovery < 4; recovery++) {
      equal(await loseOnce(store, 2, { ahead: 2 }), 2)
    }
    equal(await recoveriesOfNext(store), 0)
  })

  test('of a claim that finds less than it asked for, those it asked to begin have begun', async (store) => {
    const { storage, worker } = store
    await push(storage, ...jobs('job', 3))
    await loseOnce(store, 4, { ahead: 2 })
    const claimed = await worker('w').take(3)
    equal(
      claimed.map(({ recoveries }) => recoveries),
      [1, 1, 0],
    )
  })

  test('of a claim that reads ahead, the first jobs have begun', async (store) => {
    const { storage, worker } = store
    await push(storage, ...jobs('job', 4))
    await loseOnce(store, 4, { ahead: 3 })
    const claimed = await worker('w').take(4)
    equal(
      claimed.map(({ recoveries }) => recoveries),
      [1, 0, 0, 0],
    )
  })

  test('a job that was read ahead counts once an exchange says that it has begun', async (store) => {
    const { storage, worker, rescue } = store
    await push(storage, ...jobs('job', 3))
    const lost = worker('lost')
    const [, second] = await lost.take(3, { ahead: 3 })
    await lost.exchange({ begun: [second.token] })
    await rescue(worker('rescuer'))
    const claimed = await worker('w').take(3)
    equal(
      claimed.map(({ recoveries }) => recoveries),
      [0, 1, 0],
    )
  })

  test('jobs given back do not count', async (store) => {
    const { storage, worker } = store
    await push(storage, job('a'))
    for (let round = 0; round < 4; round++) {
      await worker('w').claim(1)
      await storage.retire('w')
    }
    equal(await recoveriesOfNext(store), 0)
  })

  test('a retry does not wash the count away', async (store) => {
    const { storage, worker } = store
    await push(storage, job('a'))
    await loseOnce(store, 1)
    const w = worker('w')
    await w.settle(retried(await w.takeOne(), 0))
    await storage.promote(1)
    equal(await recoveriesOfNext(store), 1)
  })

  test('each job is counted for itself, also when its bytes are bad', async (store) => {
    const { storage, worker } = store
    await push(storage, job('a'), job('b'), raw('c', '{"jid":'), raw('d', 'nonsense'), raw('e', ''))
    equal(await loseOnce(store, 5), 5)
    equal(await loseOnce(store, 5), 5)
    const claimed = await worker('w').take(5)
    equal(
      claimed.map(({ recoveries }) => recoveries),
      [2, 2, 2, 2, 2],
    )
  })
}
