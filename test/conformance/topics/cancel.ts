import { equal } from '../assert.ts'
import { jids, job, jobs, push } from '../jobs.ts'
import { holderOf } from '../lock-holder.ts'
import { jidsIn, waiting } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, MINUTE } from '../time.ts'
import { died, done, givenBack, retried, type TestWorker } from '../workers.ts'

const unique = { key: 'lock', forMs: HOUR }

/** A worker that runs a job which somebody cancels then. */
async function cancelledWhileRunning({ storage, worker }: Store) {
  await push(storage, job('a', { unique }))
  const w: TestWorker = worker('w')
  const a = await w.takeOne()
  equal(await storage.cancel('a'), 'running')
  return { w, a }
}

export function cancelling(test: Test): void {
  test('a waiting job is gone, and its lock is free', async ({ storage, worker }) => {
    await push(storage, job('before'), job('a', { unique }), job('after'))
    equal(await storage.cancel('a'), 'waiting')
    equal(await waiting(storage), ['before', 'after'])
    equal(await holderOf(storage, 'lock'), undefined)
    equal((await storage.stats(0)).enqueued, 2)
    equal(jids(await worker('w').claim(3)), ['before', 'after'])
  })

  test('a scheduled job is gone, and its lock is free', async ({ storage, advance }) => {
    await push(storage, job('a', { delayMs: MINUTE, unique }), job('b', { delayMs: MINUTE }))
    equal(await storage.cancel('a'), 'waiting')
    equal(await jidsIn(storage, 'scheduled'), ['b'])
    equal(await holderOf(storage, 'lock'), undefined)
    await advance(MINUTE)
    await storage.promote(5)
    equal(await waiting(storage), ['b'])
  })

  test('a job in the retry set is gone, and its lock is free', async ({ storage, worker }) => {
    await push(storage, job('a', { unique }))
    const w = worker('w')
    await w.settle(retried(await w.takeOne(), MINUTE))
    equal(await storage.cancel('a'), 'waiting')
    equal(await jidsIn(storage, 'retry'), [])
    equal(await holderOf(storage, 'lock'), undefined)
  })

  test('a running job stays with its worker, which hears with its next beat', async (store) => {
    const { w, a } = await cancelledWhileRunning(store)
    const other = store.worker('other')
    equal((await other.beat()).cancelled, [])
    equal(await w.hear(), { signals: [], cancelled: [a.token], lost: [] })
    equal(await holderOf(store.storage, 'lock'), 'a')
    equal(await store.storage.cancel('a'), 'running')
  })

  test('a cancelled job that is settled as done is done', async (store) => {
    const { w, a } = await cancelledWhileRunning(store)
    equal((await w.settle(done(a))).refused, [])
    equal((await store.storage.stats(0)).processed, 1)
    equal((await w.beat()).cancelled, [])
    equal(await store.storage.cancel('a'), 'gone')
  })

  test('only the job of that name is cancelled', async ({ storage, worker }) => {
    await push(storage, ...jobs('job', 3))
    const w = worker('w')
    const [, second] = await w.take(3)
    await storage.cancel('job-1')
    equal((await w.beat()).cancelled, [second.token])
  })

  for (const [how, giveBack] of Object.entries(WAYS_BACK)) {
    test(`a cancelled job that ${how} does not run again, and its lock is free`, async (store) => {
      const { w, a } = await cancelledWhileRunning(store)
      await giveBack(store, w, a)
      equal(await store.worker('next').claim(5), [])
      equal(await holderOf(store.storage, 'lock'), undefined)
    })
  }

  test('a dead job is gone already, and stays', async ({ storage, worker }) => {
    await push(storage, job('a'))
    const w = worker('w')
    await w.settle(died(await w.takeOne()))
    equal(await storage.cancel('a'), 'gone')
    equal(await jidsIn(storage, 'dead'), ['a'])
  })

  test('a job that is done, or unknown, is gone', async ({ storage, worker }) => {
    await push(storage, job('a'), job('b'))
    const w = worker('w')
    await w.settle(done(await w.takeOne()))
    equal(await storage.cancel('a'), 'gone')
    equal(await storage.cancel('nobody'), 'gone')
    equal(await waiting(storage), ['b'])
  })

  test('cancelling again is gone', async ({ storage }) => {
    await push(storage, job('a'))
    equal([await storage.cancel('a'), await storage.cancel('a')], ['waiting', 'gone'])
  })

  test('a cancellation holds for the job that was there, not for one pushed later', async ({ storage, worker }) => {
    equal(await storage.cancel('unknown'), 'gone')
    await push(storage, job('waiting'), job('running'))
    await storage.cancel('waiting')
    const w = worker('w')
    const running = await w.takeOne()
    await storage.cancel('running')
    await w.settle(done(running))
    await push(storage, job('unknown'), job('waiting'), job('running'))
    const claimed = await w.take(3)
    equal(jids(claimed), ['unknown', 'waiting', 'running'])
    equal((await w.beat()).cancelled, [])
    await w.settle(...claimed.map((each) => givenBack(each)))
    equal(await waiting(storage), ['unknown', 'waiting', 'running'])
  })
}

type WayBack = (store: Store, w: TestWorker, a: Parameters<typeof givenBack>[0]) => Promise<unknown>

const WAYS_BACK: Readonly<Record<string, WayBack>> = {
  'is given back': (_store, w, a) => w.settle(givenBack(a)),
  'is given back when its worker retires': ({ storage }) => storage.retire('w'),
  'goes back because its answer was lost': (_store, w) => w.beat({ held: [] }),
  'is recovered': ({ worker, rescue }) => rescue(worker('rescuer')),
  'is to be retried': async ({ storage, advance }, w, a) => {
    await w.settle(retried(a, MINUTE))
    await advance(MINUTE)
    await storage.promote(5)
  },
}
