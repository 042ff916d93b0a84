import { styleText } from 'node:util'
import type { Stopped } from 'quayside'
import { app } from './app.ts'
import type { Index } from './index-store.ts'
import { QUEUES } from './jobs.ts'
import type { Tally } from './tally.ts'

/** How many dead jobs and licences are shown one by one. */
const SHOWN_DEAD = 10
const SHOWN_LICENCES = 5

/** What a run of this program did, for people. */
export async function report(tally: Tally, index: Index): Promise<string> {
  const sections = [await overview(tally, index), queues(tally), await dead(), slowest(tally)]
  return sections.map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n')
}

/** What a stopped run leaves undone: what waits in the queues and sets, and how much of it had begun. */
export async function unfinishedWork({ unfinished }: Stopped): Promise<string> {
  const { scheduled, retry } = await app.stats({ days: 0 })
  const parts = [
    ...(await app.queues()).map(({ name, size }) => ({ count: size, where: `in the queue '${name}'` })),
    { count: retry, where: 'to be retried' },
    { count: scheduled, where: 'scheduled' },
    { count: unfinished.length, where: 'of these had begun, and were given back' },
  ]
  const lines = parts.filter(({ count }) => count > 0).map(({ count, where }) => `  ${number(count)} ${where}\n`)
  return `${title('Unfinished')}\n${lines.join('')}`
}

async function overview(tally: Tally, { totals }: Index): Promise<string[]> {
  const { processed } = await app.stats({ days: 0 })
  const { packages, files, failed, words, headings, links } = totals
  const { seconds } = tally
  const licences = Object.entries(totals.licences).slice(0, SHOWN_LICENCES)
  return [
    title(
      `Indexed ${number(files)} files of ${number(packages)} packages in ${seconds.toFixed(2)} s, ${failed} failed`,
    ),
    `  ${number(processed)} runs of jobs, ${number(processed / seconds)} a second`,
    `  ${number(words)} words, ${number(headings)} headings, ${number(links)} links`,
    ...(licences.length > 0 ? [`  ${licences.map(([name, count]) => `${name} ${number(count)}`).join(', ')}`] : []),
  ]
}

function queues(tally: Tally): string[] {
  const rows = QUEUES.map((name) => {
    const { enqueued, performed, retries, dead } = tally.queue(name)
    return row(name, [enqueued, performed, retries, dead].map(number))
  })
  return [title(row('Queue', ['enqueued', 'performed', 'retries', 'dead'])), ...rows]
}

const row = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(10)}${cells.map((cell) => cell.padStart(11)).join('')}`

async function dead(): Promise<string[]> {
  const { jobs, total } = await app.dead.page({ limit: SHOWN_DEAD })
  if (total === 0) return ['No job died']
  const reasons = jobs.flatMap(({ args, error }) => [`  ${args.join(' ')}`, `    ${dim(error?.message ?? 'unknown')}`])
  const more = total > jobs.length ? [`  and ${number(total - jobs.length)} more`] : []
  return [title(`In the dead set, out of retries: ${number(total)}`), ...reasons, ...more]
}

function slowest(tally: Tally): string[] {
  const rows = tally.slowest.map(({ job, durationMs, payload }) => {
    return `${durationMs.toFixed(1).padStart(9)} ms  ${[job, ...payload.args].join(' ')}`
  })
  return [title('The slowest runs'), ...rows]
}

const number = (value: number): string => Math.round(value).toLocaleString('en')
const title = (text: string): string => styleText('bold', text)
const dim = (text: string): string => styleText('dim', text)
