import { enqueuedText, parsePayload } from '../../src/payload.ts'
import type { Promotion } from '../../src/storage.ts'
import { enqueue, nameOfQueue, range, take } from './places.ts'
import type { JobRow } from './schema.ts'
import type { Step } from './step.ts'

const SETS = ['scheduled', 'retry']
const EVER = Number.POSITIVE_INFINITY

export async function promote(step: Step, limit: number): Promise<Promotion> {
  await step.begun
  const due = (await Promise.all(SETS.map((set) => dueIn(step, set, limit)))).flat()
  const promoted = due.sort((a, b) => a.at - b.at).slice(0, limit)
  for (const row of promoted) await toItsQueue(step, row)
  const nextAt = Math.min(...(await Promise.all(SETS.map((set) => firstDueAt(step, set)))))
  if (nextAt !== step.meta.dueAt) {
    step.remember((meta) => {
      meta.dueAt = nextAt
    })
  }
  return { promoted: promoted.length, nextMs: nextAt === EVER ? undefined : Math.max(0, nextAt - step.now) }
}

/** Without a limit `getAll` answers all. */
async function dueIn(step: Step, set: string, limit: number): Promise<JobRow[]> {
  const due = range(set, [-EVER, -EVER], [step.now, EVER])
  return limit > 0 ? step.from('jobs').getAll(due, limit) : []
}

async function toItsQueue(step: Step, row: JobRow): Promise<void> {
  take(step, step.place(row.place), row)
  enqueue(step, step.place(nameOfQueue(queueOf(row))), row.jid, enqueuedText(row.text, step.now))
}

async function firstDueAt(step: Step, set: string): Promise<number> {
  const key = await step.from('jobs').getKey(range(set, [-EVER, -EVER], [EVER, EVER]))
  return key?.[1] ?? EVER
}

/** The text has the last word: a failed job may have been given another queue (`retry_queue`) when it was settled. */
function queueOf({ text }: JobRow): string {
  try {
    const { queue } = parsePayload(text)
    // Bytes of others may say anything, and nobody would look for the job in a queue `[object Object]`.
    return typeof queue === 'string' && queue !== '' ? queue : 'default'
  } catch {
    return 'default'
  }
}
