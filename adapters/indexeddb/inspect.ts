import { instantMs, parsePayload } from '../../src/payload.ts'
import type { QueueState, RunningJob, StorageStats, Totals, WorkerState } from '../../src/storage.ts'
import { isQueue, queueNamed, range, stretchesOf } from './places.ts'
import { type HoldsLock, isAlive } from './presence.ts'
import type { KnownPlace, ReportRow, WorkerRow } from './schema.ts'
import type { Step } from './step.ts'
import { claimsOf, hasBegun, heldBy, queueOf, rowOf, tokenOf } from './windows.ts'

const DAY_MS = 86_400_000

export async function queues(step: Step): Promise<QueueState[]> {
  await step.begun
  const states = [...step.meta.places.values()]
    .filter(({ place }) => isQueue(place))
    .map(async (place) => {
      const { size, paused } = place
      return { name: queueNamed(place.place), size, latencyMs: await latencyMs(step, place), paused }
    })
  return (await Promise.all(states)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** How long the next job has waited; 0 when there is none, or its bytes do not tell. */
async function latencyMs(step: Step, place: KnownPlace): Promise<number> {
  const next = stretchesOf(place).find(({ size }) => size > 0)
  const row = next && (await step.from('jobs').get(range(place.place, next.from, next.to)))
  try {
    return Math.max(0, step.now - (instantMs(parsePayload(row?.text ?? '').enqueued_at) ?? step.now))
  } catch {
    return 0
  }
}

export async function workers(step: Step, holdsLock: HoldsLock): Promise<WorkerState[]> {
  const [known, reports] = await Promise.all([step.from('workers').getAll(), step.from('reports').getAll()])
  const told = new Map(reports.map((report) => [report.worker, report]))
  const states = known.map(async (worker) => {
    const report = told.get(worker.worker)
    return report && isAlive(step, worker, holdsLock) ? [await stateOf(step, worker, report)] : []
  })
  return (await Promise.all(states)).flat().sort((a, b) => (a.worker < b.worker ? -1 : 1))
}

async function stateOf(step: Step, known: WorkerRow, report: ReportRow): Promise<WorkerState> {
  const { about, running: _told, ...said } = report
  return { ...about, ...said, running: await running(step, known, report) }
}

/** What has begun, by the windows themselves: the last beat may be older, but it alone knows of progress. */
function running(step: Step, worker: WorkerRow, report: ReportRow): Promise<RunningJob[]> {
  const told = new Map(report.running.map((run) => [run.token, run]))
  const begun = claimsOf(worker).filter(hasBegun)
  return Promise.all(
    begun.map(async (claim) => {
      const { startedAt = claim.window.claimedAt, progress } = told.get(tokenOf(claim)) ?? {}
      const { text } = await rowOf(step, claim)
      return { queue: queueOf(claim), text, startedAt, ...(progress ? { progress } : {}) }
    }),
  )
}

export async function stats(step: Step, days: number, holdsLock: HoldsLock): Promise<StorageStats> {
  await step.begun
  const [known, reports, totals] = await Promise.all([
    step.from('workers').getAll(),
    step.from('reports').getAllKeys(),
    lastDays(step, days),
  ])
  const { places, processed, failed } = step.meta
  return {
    processed,
    failed,
    enqueued: sum([...places.values()].filter(({ place }) => isQueue(place)).map(({ size }) => size)),
    scheduled: step.place('scheduled').size,
    retry: step.place('retry').size,
    dead: step.place('dead').size,
    workers: known.filter((worker) => isAlive(step, worker, holdsLock) && reports.includes(worker.worker)).length,
    running: sum(known.map(heldBy)),
    days: totals,
  }
}

/** The last `days` days, today first. */
async function lastDays(step: Step, days: number): Promise<(Totals & { day: string })[]> {
  const today = Math.floor(step.now / DAY_MS)
  const rows = await step.from('days').getAll(IDBKeyRange.lowerBound(today - days))
  const counted = new Map([...rows, step.meta.today].map((row) => [row.day, row]))
  return Array.from({ length: days }, (_, ago) => {
    const { processed, failed } = counted.get(today - ago) ?? { processed: 0, failed: 0 }
    return { day: new Date((today - ago) * DAY_MS).toISOString().slice(0, 10), processed, failed }
  })
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
