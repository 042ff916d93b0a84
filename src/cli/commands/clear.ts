import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { EXIT } from '../failure.ts'
import { confirm, YES_OPTION } from '../output/confirm.ts'
import { count } from '../output/count.ts'
import { SHELF_NOTE, shelfNamed } from '../shelves/shelf.ts'

/** Empties a queue or a set. */
export const clear: Command = command({
  name: 'clear',
  summary: 'Empties a queue or a set',
  usage: 'clear QUEUE|retries|scheduled|dead',
  options: { yes: YES_OPTION, ...APP_OPTIONS },
  operands: [1, 1],
  notes: [SHELF_NOTE],
  examples: [
    ['clear dead', 'asks, and forgets all dead jobs'],
    ['clear low --yes', 'empties a queue, and does not ask'],
  ],
  run: (invocation) =>
    withApp(invocation, async (app) => {
      const { options, operands, terminal } = invocation
      const shelf = shelfNamed(app, operands[0] as string)
      const size = await shelf.jobs.size()
      if (size > 0) await confirm(`delete all ${count(size, 'job')} of ${shelf.name}?`, options.yes, terminal)
      const changed = await shelf.jobs.clear()
      if (options.json) terminal.json({ changed })
      else terminal.print(`${shelf.name} is empty; ${count(changed, 'job')} ${changed === 1 ? 'was' : 'were'} deleted.`)
      return EXIT.done
    }),
})
