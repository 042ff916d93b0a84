import { equal, ok } from '../assert.ts'
import { job, jobs, push } from '../jobs.ts'
import { rowsIn } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { DAY, HOUR } from '../time.ts'
import { died, done, retried, type TestWorker } from '../workers.ts'

/** Lets time pass until it is noon in Greenwich, so that no test crosses midnight unawares. */
async function untilNoon({ storage, advance }: Store): Promise<void> {
  await push(storage, job('to read the time', { delayMs: HOUR }))
  const now = ((await rowsIn(storage, 'scheduled'))[0]?.at ?? 0) - HOUR
  await storage.cancel('to read the time')
  await advance(DAY - ((now - DAY / 2) % DAY))
}

async function finish(w: TestWorker, ok: number, failed: number): Promise<void> {
  await push(w.storage, ...jobs('job', ok + failed))
  const claimed = await w.claim(ok + failed)
  await w.settle(...claimed.map((each, index) => done(each, { tally: index < ok ? 'ok' : 'failed' })))
}

export function statistics(test: Test): void {
  test('an empty store has nothing to tell', async ({ storage }) => {
    const { days, ...stats } = await storage.stats(1)
    const nothing = { processed: 0, failed: 0, enqueued: 0, scheduled: 0, retry: 0, dead: 0, workers: 0, running: 0 }
    equal(stats, nothing)
    equal(
      days.map(({ processed, failed }) => ({ processed, failed })),
      [{ processed: 0, failed: 0 }],
    )
  })

  test('every place is counted', async ({ storage, worker }) => {
    await push(storage, ...jobs('a', 6, { queue: 'a' }), ...jobs('b', 2, { queue: 'b' }))
    await push(storage, ...jobs('later', 3, { delayMs: HOUR }))
    const w = worker('w', { leaseMs: HOUR })
    await w.beat()
    await worker('idle', { leaseMs: HOUR }).beat()
    const [a, b, c] = await w.take(5, { queues: ['a'] })
    await w.settle(retried(a, HOUR), died(b), died(c))
    const { days, ...stats } = await storage.stats(0)
    equal(days, [])
    equal(stats, { processed: 3, failed: 3, enqueued: 3, scheduled: 3, retry: 1, dead: 2, workers: 2, running: 2 })
  })

  test('each UTC day has its own totals, newest first, and 0 where nothing was counted', async (store) => {
    const { storage, advance } = store
    const w = store.worker('w')
    await untilNoon(store)
    await finish(w, 2, 1)
    await advance(2 * DAY)
    await finish(w, 4, 0)
    const { days, processed, failed } = await storage.stats(4)
    equal({ processed, failed }, { processed: 7, failed: 1 })
    equal(
      days.map((day) => [day.processed, day.failed]),
      [
        [4, 0],
        [0, 0],
        [3, 1],
        [0, 0],
      ],
    )
  })

  test('a day ends at midnight in Greenwich', async (store) => {
    const { storage, advance } = store
    const w = store.worker('w')
    await untilNoon(store)
    await finish(w, 1, 0)
    await advance(11 * HOUR)
    await finish(w, 1, 0)
    await advance(2 * HOUR)
    await finish(w, 1, 0)
    const { days } = await storage.stats(2)
    equal(
      days.map(({ processed }) => processed),
      [1, 2],
    )
  })

  test('days are named by date, one after the other', async ({ storage }) => {
    const { days } = await storage.stats(40)
    equal(days.length, 40)
    const dates = days.map(({ day }) => Date.parse(`${day}T00:00:00Z`))
    for (const { day } of days) ok(/^\d{4}-\d\d-\d\d$/.test(day), `a date like 2026-12-24, and got ${day}`)
    dates.reduce((newer, older) => {
      equal(newer - older, DAY, 'the time between two days')
      return older
    })
  })
}
