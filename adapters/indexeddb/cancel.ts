import { discard, isWaiting, take } from './places.ts'
import type { JobRow, WorkerRow } from './schema.ts'
import type { Step } from './step.ts'
import { rowsOf } from './windows.ts'

export async function cancel(step: Step, jid: string): Promise<'waiting' | 'running' | 'gone'> {
  const rows = await step.from('jobs').index('jid').getAll(jid)
  const waiting: JobRow[] = []
  const claimed: JobRow[] = []
  for (const row of rows) {
    if (row.place === 'dead') continue
    const place = step.place(row.place)
    if (isWaiting(place, [row.at, row.seq])) waiting.push(row)
    else claimed.push(row)
  }
  if (claimed.length > 0 && (await cancelRunning(step, claimed))) return 'running'
  const [first] = waiting
  if (!first) return 'gone'
  take(step, step.place(first.place), first)
  await discard(step, first)
  return 'waiting'
}

/** A claimed row may have finished already, and wait only for its window to end. */
async function cancelRunning(step: Step, rows: readonly JobRow[]): Promise<boolean> {
  const workers = await step.from('workers').getAll()
  for (const worker of workers) {
    for (const row of rows) {
      if (!(await mark(step, worker, row))) continue
      step.put('workers', worker)
      step.note('signal')
      return true
    }
  }
  return false
}

async function mark(step: Step, { windows }: WorkerRow, { place, at, seq }: JobRow): Promise<boolean> {
  const window = windows.find((each) => {
    return each.place === place && each.part === at && each.from <= seq && seq <= each.to
  })
  if (!window) return false
  const index = (await rowsOf(step, window)).findIndex((row) => row.seq === seq)
  if (window.finished.includes(index)) return false
  window.cancelled = [...new Set(window.cancelled).add(index)]
  return true
}
