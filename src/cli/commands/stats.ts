import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { EXIT } from '../failure.ts'
import { printLive, showLive } from '../stats/live.ts'
import { recentRates, takeSnapshot } from '../stats/snapshot.ts'
import { view } from '../stats/view.ts'

/** Rows of a table where nothing has to fit on a screen. */
const MANY = 100

/** Shows queues, sets, workers and rates. */
export const stats: Command = command({
  name: 'stats',
  summary: 'Shows queues, sets, workers and rates',
  usage: 'stats',
  options: {
    watch: { type: 'boolean', short: 'w', help: 'live, until q or Ctrl-C' },
    ...APP_OPTIONS,
  },
  notes: ['Rates are of the last five minutes; with --watch of the last second.'],
  examples: [
    ['stats', 'once'],
    ['stats --watch', 'live'],
    ['stats --json', 'for another program; with --watch a line each second'],
  ],
  run: (invocation) =>
    withApp(invocation, async (app) => {
      const { terminal, options } = invocation
      if (options.watch) await (options.json ? printLive : showLive)(app, terminal)
      else {
        const [snapshot, rates] = await Promise.all([takeSnapshot(app), recentRates(app)])
        if (options.json) terminal.json({ ...snapshot, rates })
        else terminal.print(view(snapshot, rates, { ...terminal, rows: MANY }).join('\n'))
      }
      return EXIT.done
    }),
})
