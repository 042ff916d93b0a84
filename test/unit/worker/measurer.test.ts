import { expect, test } from 'vitest'
import type { JobMetrics, Storage } from '../../../src/storage.ts'
import type { Outcome } from '../../../src/worker/execute.ts'
import { Measurer } from '../../../src/worker/measurer.ts'
import type { Task } from '../../../src/worker/task.ts'

const COMPLETED: Outcome = { kind: 'completed', value: undefined }
const FAILED: Outcome = { kind: 'failed', error: new Error('no') }

const of = (payload: Record<string, unknown>) => ({ payload }) as unknown as Task

async function handed(measurer: Measurer): Promise<readonly JobMetrics[]> {
  const calls: JobMetrics[][] = []
  await measurer.hand({
    measure: async (samples: readonly JobMetrics[]) => void calls.push([...samples]),
  } as unknown as Storage)
  return calls.flat()
}

const nonZero = ({ durations }: JobMetrics) => [...durations.entries()].filter(([, count]) => count > 0)

test('runs are counted by job, and those that did not fail by how long they took', async () => {
  const measurer = new Measurer()
  for (const ms of [0, 19.9, 20, 64, 400_000]) measurer.record(of({ class: 'A' }), COMPLETED, ms)
  measurer.record(of({ class: 'A' }), FAILED, 77)
  measurer.record(of({ class: 'B' }), FAILED, 5)
  const [a, b, ...others] = await handed(measurer)
  expect(others).toEqual([])
  expect(a).toMatchObject({ job: 'A', processed: 6, failed: 1, totalMs: 400_103.9 })
  expect(a && nonZero(a)).toEqual([
    [0, 2],
    [1, 1],
    [3, 1],
    [25, 1],
  ])
  expect(b).toMatchObject({ job: 'B', processed: 1, failed: 1, totalMs: 0 })
})

test("a wrapped job counts by its own name, as in Sidekiq's metrics", async () => {
  const measurer = new Measurer()
  measurer.record(of({ class: 'Sidekiq::ActiveJob::Wrapper', wrapped: 'Invoice' }), COMPLETED, 1)
  expect((await handed(measurer)).map(({ job }) => job)).toEqual(['Invoice'])
})

test('what never ran is not counted, and with nothing to tell the storage is not asked', async () => {
  const measurer = new Measurer()
  for (const kind of ['expired', 'cancelled', 'unfinished', 'lost'] as const)
    measurer.record(of({ class: 'A' }), { kind }, 1)
  let calls = 0
  await measurer.hand({ measure: async () => void calls++ } as unknown as Storage)
  expect(calls).toBe(0)
})

test('each run is handed over once, also when that fails', async () => {
  const measurer = new Measurer()
  measurer.record(of({ class: 'A' }), COMPLETED, 1)
  const away = { measure: () => Promise.reject(new Error('away')) } as unknown as Storage
  await expect(measurer.hand(away)).rejects.toThrow('away')
  expect(await handed(measurer)).toEqual([])
})
