import type { StoredJob } from '../../inspect/stored-job.ts'
import { instantMs } from '../../payload.ts'
import { fieldText } from '../../payload-text.ts'
import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { EXIT } from '../failure.ts'
import { relative } from '../output/age.ts'
import { count } from '../output/count.ts'
import { fit } from '../output/fit.ts'
import { type Column, table } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { FILTER_OPTIONS, filtered, LIMIT_OPTION, limitOf } from '../shelves/filter.ts'
import { SHELF_NOTE, type Shelf, shelfNamed } from '../shelves/shelf.ts'

const SHOWN = 25

/** Shows the jobs of a place. */
export const jobs: Command = command({
  name: 'jobs',
  summary: 'Shows the jobs of a queue or a set',
  usage: 'jobs QUEUE|retries|scheduled|dead',
  options: { ...FILTER_OPTIONS, limit: LIMIT_OPTION, ...APP_OPTIONS },
  operands: [1, 1],
  notes: [SHELF_NOTE, '--json prints an array with each job as it is stored, to the last digit.'],
  examples: [
    ['jobs default', 'what is performed next'],
    ['jobs dead --error Timeout', 'what died of a timeout'],
    ['jobs retries --class Charge --json', 'for another program'],
  ],
  run: (invocation) =>
    withApp(invocation, async (app) => {
      const { options, operands, terminal } = invocation
      const shelf = shelfNamed(app, operands[0] as string)
      const limit = limitOf(options.limit, SHOWN)
      const found: StoredJob[] = []
      for await (const job of filtered(shelf, options)) {
        found.push(job)
        if (found.length === limit) break
      }
      if (options.json) terminal.print(`[${found.map(asJson).join(',\n')}]`)
      else terminal.print(await shown(shelf, found, limit, terminal))
      return EXIT.done
    }),
})

/** The text goes in as it is: JSON.parse would round what is larger than 2^53. */
function asJson({ text, payload, at }: StoredJob): string {
  const when = at ? `"at":${JSON.stringify(at)},` : ''
  return `{${when}"job":${payload ? text : JSON.stringify(text)}}`
}

async function shown(shelf: Shelf, found: readonly StoredJob[], limit: number, terminal: Terminal): Promise<string> {
  const { paint, columns } = terminal
  const total = await shelf.jobs.size()
  if (found.length === 0)
    return total === 0 ? `${shelf.name} is empty.` : `None of the ${count(total, 'job')} in ${shelf.name}.`
  const titles: Column[] = ['WHEN', 'JID', 'JOB', 'WHAT'].map((title) => ({ title }))
  const rows = found.map((job) => [when(job), fit(job.jid, 30), fit(job.class || '(no job)', 30), ''])
  const taken = table(titles, rows)
    .split('\n')
    .map((line) => line.trimEnd().length)
  const room = Math.max(20, columns - Math.max(...taken) - 2)
  const full = rows.map((row, at) => [...row.slice(0, 3), fit(what(found[at] as StoredJob), room)])
  const more =
    found.length === limit && total > limit ? `\n${paint('dim', `The first ${limit} of ${count(total, 'job')}.`)}` : ''
  return table(titles, full) + more
}

/** When it is due or died; for how long it has waited in a queue. */
function when({ at, payload }: StoredJob): string {
  if (payload?.waiting_for === 'network') return 'no network'
  const since = instantMs(payload?.enqueued_at)
  const date = at ?? (since === undefined ? undefined : new Date(since))
  return date ? relative(date) : '-'
}

function what({ text, payload, error }: StoredJob): string {
  if (!payload) return text
  const args = fieldText(text, 'args') ?? '[]'
  return error ? `${args} ${error.class}: ${error.message}` : args
}
