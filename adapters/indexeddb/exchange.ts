import { OptionError } from '../../src/errors.ts'
import type { ClaimedJob, Exchange, Exchanged } from '../../src/storage.ts'
import { type DeadLimits, nameOfQueue, queueNamed, range, stretchesOf } from './places.ts'
import { present, type Sighting } from './presence.ts'
import { recoveries } from './recoveries.ts'
import type { JobRow, KnownPlace, Window, WorkerRow } from './schema.ts'
import { settle } from './settle.ts'
import type { Step } from './step.ts'
import { begin, claimWith, dropFinished, rowsOf, takeWindow } from './windows.ts'

/** How often jobs were recovered lately, by jid. */
type Recovered = ReadonlyMap<string, number>

export async function exchange(
  step: Step,
  asked: Exchange,
  sighting: Sighting,
  limits: DeadLimits,
): Promise<Exchanged> {
  const known = await step.from('workers').get(asked.worker)
  const recovered = await recoveries(step)
  const answered = known && (await answeredBefore(step, known, asked, recovered))
  if (answered) return answered
  const worker = present(step, known, sighting)
  for (const token of asked.begun) markBegun(worker, token)
  const refused = await settle(step, worker, asked.settlements, recovered, limits)
  worker.lanes.set(asked.lane, { request: asked.request, refused })
  const limit = sighting.performs(step) ? asked.limit : 0
  const jobs = await claim(step, worker, { ...asked, limit }, recovered)
  if (jobs.length < limit && !step.meta.isHungry) step.remember((meta) => Object.assign(meta, { isHungry: true }))
  dropFinished(step, worker)
  step.put('workers', worker)
  return { jobs, refused }
}

/** The answer that a repeated request had. A worker that was forgotten has no answers any more, as it has no claims. */
async function answeredBefore(
  step: Step,
  worker: WorkerRow,
  { lane, request }: Exchange,
  recovered: Recovered,
): Promise<Exchanged | undefined> {
  const last = worker.lanes.get(lane)
  if (last === undefined || request > last.request) return undefined
  if (request < last.request) {
    throw new OptionError(`exchange(): request ${request} of lane '${lane}' is older than ${last.request}, its last.`)
  }
  const windows = worker.windows.filter((window) => window.lane === lane && window.request === request)
  const jobs = await Promise.all(windows.map(async (window) => claimed(window, await rowsOf(step, window), recovered)))
  return { jobs: jobs.flat(), refused: last.refused }
}

function markBegun(worker: WorkerRow, token: number): void {
  const claim = claimWith(worker, token)
  if (claim) begin(claim)
}

/** Takes jobs into the worker's keeping, queue after queue, and of each queue what was given back first. */
async function claim(step: Step, worker: WorkerRow, asked: Exchange, recovered: Recovered): Promise<ClaimedJob[]> {
  const jobs: ClaimedJob[] = []
  for (const name of asked.queues) {
    const queue = step.place(nameOfQueue(name))
    for (const rows of await nextRows(step, queue, asked.limit - jobs.length)) {
      const window = takeWindow(step, queue, rows, asked)
      window.ahead = rows.map((_, index) => index).filter((index) => jobs.length + index >= asked.limit - asked.ahead)
      worker.windows.push(window)
      jobs.push(...claimed(window, rows, recovered))
    }
  }
  return jobs
}

/** The next rows of a queue, from each of its parts that has some. */
async function nextRows(step: Step, queue: KnownPlace, limit: number): Promise<JobRow[][]> {
  const found: JobRow[][] = []
  let room = queue.paused ? 0 : limit
  for (const { from, to, size } of stretchesOf(queue)) {
    if (size === 0 || room <= 0) continue
    const rows = await step.from('jobs').getAll(range(queue.place, from, to), room)
    room -= rows.length
    if (rows.length > 0) found.push(rows)
  }
  return found
}

function claimed({ first, place }: Window, rows: readonly JobRow[], recovered: Recovered): ClaimedJob[] {
  const queue = queueNamed(place)
  return rows.map(({ text, jid }, index) => ({
    token: first + index,
    queue,
    text,
    recoveries: recovered.get(jid) ?? 0,
  }))
}
