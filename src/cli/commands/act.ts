import type { StoredJob } from '../../inspect/stored-job.ts'
import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { EXIT } from '../failure.ts'
import { confirm, YES_OPTION } from '../output/confirm.ts'
import { count } from '../output/count.ts'
import { FILTER_OPTIONS } from '../shelves/filter.ts'
import { ALL_OPTION, forEach, readSelection, sizeOf } from '../shelves/selection.ts'
import { type Shelf, setNamed, shelfNamed } from '../shelves/shelf.ts'

/** What distinguishes commands that do something to jobs. */
interface Act {
  readonly name: string
  readonly summary: string
  readonly places: readonly Shelf['kind'][]
  readonly notes?: readonly string[]
  readonly examples: Command['examples']
  /** As in `12 jobs were deleted`. */
  readonly done: string
  /** Asks before it is done. */
  readonly isDestructive: boolean
  one(shelf: Shelf, job: StoredJob): Promise<boolean>
  all(shelf: Shelf): Promise<number>
}

/** A command that does something to the jobs that its line selects. */
export function act({ name, summary, places, notes, examples, done, isDestructive, one, all }: Act): Command {
  const where = places.map((place) => (place === 'queue' ? 'QUEUE' : place)).join('|')
  return command({
    name,
    summary,
    usage: `${name} ${where} [JID ...]`,
    options: { all: ALL_OPTION, ...FILTER_OPTIONS, ...(isDestructive && { yes: YES_OPTION }), ...APP_OPTIONS },
    operands: [1, Number.POSITIVE_INFINITY],
    ...(notes && { notes }),
    examples,
    run: (invocation) =>
      withApp(invocation, async (app) => {
        const { options, operands, terminal } = invocation
        const [place = '', ...jids] = operands
        const shelf = places.includes('queue') ? shelfNamed(app, place) : setNamed(app, place, places)
        const selection = readSelection(jids, options)
        if (isDestructive) {
          const size = await sizeOf(shelf, selection)
          const { yes } = options as { yes?: boolean }
          if (size > 0) await confirm(`${name} ${count(size, 'job')} of ${shelf.name}?`, yes, terminal)
        }
        const changed = selection.isEverything
          ? await all(shelf)
          : await forEach(shelf, selection, (job) => one(shelf, job))
        if (options.json) terminal.json({ changed })
        else terminal.print(`${count(changed, 'job')} ${changed === 1 ? 'was' : 'were'} ${done}.`)
        return EXIT.done
      }),
  })
}
