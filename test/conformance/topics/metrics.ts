import type { JobMetrics, MinuteMetrics, Storage } from '../../../src/storage.ts'
import { equal } from '../assert.ts'
import type { Test } from '../store.ts'
import { HOUR, MINUTE } from '../time.ts'

const BUCKETS = 26

function sample(job: string, processed: number, failed: number, totalMs: number, bucket: number): JobMetrics {
  const durations = Array.from({ length: BUCKETS }, (_, index) => (index === bucket ? processed - failed : 0))
  return { job, processed, failed, totalMs, durations }
}

/** All minutes as one: a test may run across the end of a minute. */
function inAll(minutes: readonly MinuteMetrics[]): Record<string, Omit<JobMetrics, 'job'>> {
  const jobs: Record<string, Omit<JobMetrics, 'job'>> = {}
  for (const { job, processed, failed, totalMs, durations = [] } of minutes.flatMap((minute) => minute.jobs)) {
    const known = jobs[job]
    jobs[job] = {
      processed: processed + (known?.processed ?? 0),
      failed: failed + (known?.failed ?? 0),
      totalMs: totalMs + (known?.totalMs ?? 0),
      durations: durations.map((count, bucket) => count + (known?.durations[bucket] ?? 0)),
    }
  }
  return jobs
}

const lastHour = async (storage: Storage, job?: string) => inAll(await storage.metrics({ minutes: 60, job }))

export function metrics(test: Test): void {
  test('nothing was measured in an empty store', async ({ storage }) => {
    equal(await storage.metrics({ minutes: 480 }), [])
    equal(await storage.metrics({ minutes: 480, job: 'A' }), [])
  })

  test('what several workers measured is added up, job by job', async ({ storage }) => {
    await storage.measure([sample('A', 3, 1, 20, 0), sample('B|p', 1, 0, 7, 0)])
    await storage.measure([sample('A', 5, 2, 400, 4)])
    equal(await lastHour(storage), {
      A: { processed: 8, failed: 3, totalMs: 420, durations: [] },
      'B|p': { processed: 1, failed: 0, totalMs: 7, durations: [] },
    })
  })

  test('with a job come its durations, and no other job', async ({ storage }) => {
    await storage.measure([sample('A', 3, 1, 20, 0), sample('B', 1, 0, 7, 0)])
    await storage.measure([sample('A', 5, 2, 400, 25)])
    const durations = [2, ...Array.from({ length: BUCKETS - 2 }, () => 0), 3]
    equal(await lastHour(storage, 'A'), { A: { processed: 8, failed: 3, totalMs: 420, durations } })
    equal(await lastHour(storage, 'C'), {})
  })

  test('a job that only failed has no durations to add', async ({ storage }) => {
    await storage.measure([sample('A', 2, 2, 0, 0)])
    const durations = Array.from({ length: BUCKETS }, () => 0)
    equal(await lastHour(storage, 'A'), { A: { processed: 2, failed: 2, totalMs: 0, durations } })
  })

  test('each minute stands by itself, oldest first, and those before the time asked for are left out', async (store) => {
    const { storage, advance } = store
    await storage.measure([sample('A', 1, 0, 1, 0)])
    await advance(5 * MINUTE)
    await storage.measure([sample('A', 2, 0, 2, 0)])
    await advance(2 * HOUR)
    await storage.measure([sample('A', 3, 0, 3, 0)])
    const all = await storage.metrics({ minutes: 480 })
    equal(
      all.map(({ jobs }) => jobs.map(({ processed }) => processed)),
      [[1], [2], [3]],
    )
    equal(
      all.map(({ at }) => at % MINUTE),
      [0, 0, 0],
      'the parts of a minute',
    )
    equal((await storage.metrics({ minutes: 60 })).length, 1)
  })

  test('a year later they are gone', async ({ storage, advance }) => {
    await storage.measure([sample('A', 1, 0, 1, 0)])
    await advance(365 * 24 * HOUR)
    await storage.measure([sample('A', 1, 0, 1, 0)])
    equal((await storage.metrics({ minutes: 480 })).length, 1)
  })

  test('wiping the store forgets them', async ({ storage }) => {
    await storage.measure([sample('A', 1, 0, 1, 0)])
    await storage.wipe()
    equal(await storage.metrics({ minutes: 480, job: 'A' }), [])
  })

  test('measuring nothing does nothing', async ({ storage }) => {
    await storage.measure([])
    equal(await storage.metrics({ minutes: 480 }), [])
  })
}
