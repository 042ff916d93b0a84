import type { StoredJob } from '../../inspect/stored-job.ts'
import type { Values } from '../command.ts'
import { Failure, UsageError } from '../failure.ts'
import { type Filter, filtered, isEverything } from './filter.ts'
import type { Shelf } from './shelf.ts'

/** Beside the filters: without one of them, all jobs have to be asked for. */
export const ALL_OPTION = { type: 'boolean', help: 'all jobs there, or all that the filters leave' } as const

type Selecting = Filter & Values<{ all: typeof ALL_OPTION }>

/** Jobs that are changed at a time: what is sent in one turn shares the way. */
const TOGETHER = 100

/** What a command line selects: jobs by jid, or all that a filter leaves. */
export interface Selection {
  readonly jids: readonly string[]
  readonly filter: Filter
  /** All jobs of the place, without looking at them. */
  readonly isEverything: boolean
}

/** Reads the selection. Throws UsageError when nothing, or both, are said. */
export function readSelection(jids: readonly string[], options: Selecting): Selection {
  const isFiltered = !isEverything(options)
  const isAll = options.all === true || isFiltered
  if (jids.length > 0 && isAll) throw new UsageError('name jobs by jid, or say --all or a filter, not both')
  if (jids.length === 0 && !isAll) throw new UsageError('which jobs? Name them by jid, or say --all or a filter')
  return { jids, filter: options, isEverything: options.all === true && !isFiltered }
}

/** How many jobs a selection holds now. */
export async function sizeOf(shelf: Shelf, selection: Selection): Promise<number> {
  if (selection.isEverything) return shelf.jobs.size()
  let size = 0
  for await (const _ of selected(shelf, selection)) size++
  return size
}

/**
 * Acts on every job of a selection. Answers how many it was done to: others may have been faster.
 *
 * @param act false: the job was not there any more
 */
export async function forEach(
  shelf: Shelf,
  selection: Selection,
  act: (job: StoredJob) => Promise<boolean>,
): Promise<number> {
  let done = 0
  let batch: StoredJob[] = []
  const flush = async (): Promise<void> => {
    done += (await Promise.all(batch.map(act))).filter(Boolean).length
    batch = []
  }
  for await (const job of selected(shelf, selection)) {
    batch.push(job)
    if (batch.length === TOGETHER) await flush()
  }
  await flush()
  return done
}

async function* selected(shelf: Shelf, { jids, filter }: Selection): AsyncGenerator<StoredJob, void, void> {
  if (jids.length === 0) return yield* filtered(shelf, filter)
  for (const jid of jids) {
    const job = await shelf.jobs.find(jid)
    if (!job) throw new Failure(`there is no job ${jid} in ${shelf.name}`)
    yield job
  }
}
