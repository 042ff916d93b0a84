import { writeFile } from 'node:fs/promises'
import { app } from './app.ts'
import { Interruption, interruptible } from './interruption.ts'
import { IndexFile, index, QUEUES, Summarise } from './jobs.ts'
import { type ListedFile, listFiles } from './list-files.ts'
import { HELP, type Options, readOptions, UsageError } from './options.ts'
import { Progress } from './progress.ts'
import { report, unfinishedWork } from './report.ts'
import { Tally } from './tally.ts'

/** Jobs at a time: most of each is waiting for the disk. */
const CONCURRENCY = 16

/** Indexes what the command line says, or serves the page. Answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (args[0] === 'web') return (await import('./web/main.ts')).web()
  const options = readOptions(args)
  if (options.help) {
    console.log(HELP)
    return 0
  }
  const interrupted = interruptible()
  const files = await list(options, interrupted)

  const tally = new Tally()
  const end = endOfWork(interrupted)
  const worker = app.work({ queues: QUEUES, concurrency: CONCURRENCY, timeout: '2s' })
  index.expect(files)
  await IndexFile.performBulk(files.map(({ path }) => [path]))
  await Summarise.performIn('100ms')
  await showProgress(end)

  const interruption = index.summary ? undefined : (interrupted.reason as Interruption)
  if (interruption) console.log(`${interruption.message}: jobs that run may finish.\n`)
  const stopped = await worker.stop()
  const written = index.summary ?? index.partial
  await writeFile(options.out, `${JSON.stringify(written, undefined, 2)}\n`)
  console.log(await report(tally, written))
  if (interruption) console.log(await unfinishedWork(stopped))
  console.log(`The index${interruption ? ', as far as it came,' : ''} is in ${options.out}`)
  return interruption?.exitCode ?? exitCodeOfDead()
}

async function list({ roots, isDefault }: Options, interrupted: AbortSignal): Promise<readonly ListedFile[]> {
  const oddity = isDefault ? ' (ours, made to fail)' : ''
  console.log(`Looking through ${roots.join(' and ')}${oddity}`)
  const { files, closedFolders } = await listFiles(roots, interrupted)
  const [closed] = closedFolders
  if (closed) console.log(`Passed over ${closedFolders.length} folders that may not be read, such as ${closed}`)
  console.log(`Indexing ${files.length} READMEs and package.jsons, ${CONCURRENCY} at a time\n`)
  return files
}

/** Resolves when the index is summed up, or somebody interrupts. Rejects when it never will be. */
function endOfWork(interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    app.on('job:completed', () => index.summary && resolve())
    app.on('job:died', ({ job, error }) => job === Summarise.name && reject(error))
    interrupted.addEventListener('abort', () => resolve())
  })
}

async function showProgress(end: Promise<void>): Promise<void> {
  const progress = new Progress(process.stderr)
  await progress.start()
  await end.finally(() => progress.stop())
}

/** Files that cannot be read are part of the story; a job that died for another reason has a bug. */
async function exitCodeOfDead(): Promise<number> {
  for await (const { error } of app.dead.scan()) {
    if (error?.class === 'UnreadableFileError') continue
    console.error(`A job failed unexpectedly: ${error?.class}: ${error?.message}`)
    return 1
  }
  return 0
}

/** Says what went wrong, in one line where the user can mend it. Answers the exit code. */
function explain(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(`${error.message}. Try: npm start -- --help`)
    return 2
  }
  if (error instanceof Interruption) {
    console.error(`${error.message} before any job was enqueued.`)
    return error.exitCode
  }
  console.error(error)
  return 1
}

// After `npm start | head` nobody reads any more; the index is written all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

process.exitCode = await main(process.argv.slice(2))
  .catch(explain)
  .finally(() => app.close())
