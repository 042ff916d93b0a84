import { app } from './app.ts'
import { IndexStore } from './index-store.ts'
import { packageEntry } from './package-entry.ts'
import { parseFile } from './parse-file.ts'
import { readText } from './read-text.ts'
import { UnreadableFileError } from './unreadable-file-error.ts'

/** The queues in strict order: nothing is taken from one while an earlier one holds a job. */
export const QUEUES = ['summary', 'packages', 'files'] as const

/** What the jobs find out. Their arguments are only paths: a job should carry the name of its data, not the data. */
export const index = new IndexStore()

/** Reads one README or package.json. The last file of a package enqueues the job of the package. */
export const IndexFile = app.job('IndexFile', {
  queue: 'files',
  // An installer may be at work: what is missing or cut off now may be whole in a moment.
  retryOn: [{ error: UnreadableFileError, wait: '500ms', attempts: 3 }],

  async perform(path: string) {
    const facts = parseFile(path, await readText(path, this.signal))
    await enqueuePackage(index.keepFile(path, facts))
  },

  /** A file that stays unreadable must not keep its package waiting. */
  async retriesExhausted(payload, error) {
    const [path] = payload.args as [string]
    await enqueuePackage(index.keepFailure(path, error.message))
  },
})

/** Makes one entry of the files of a package. Doing it again changes nothing: a job may run more than once. */
const IndexPackage = app.job('IndexPackage', {
  queue: 'packages',
  async perform(folder: string) {
    index.keepPackage(packageEntry(folder, index.filesOf(folder)))
  },
})

/** Sums up the index when all other jobs are finished; until then it puts itself off. */
export const Summarise = app.job('Summarise', {
  queue: 'summary',
  async perform() {
    const { enqueued, scheduled, retry, running } = await app.stats({ days: 0 })
    const others = enqueued + scheduled + retry + running - 1
    if (others > 0) await Summarise.performIn('100ms')
    else index.summarise()
  },
})

/** `folder` is the package of which the last file is finished; undefined while others are awaited. */
async function enqueuePackage(folder: string | undefined): Promise<void> {
  if (folder !== undefined) await IndexPackage.performAsync(folder)
}
