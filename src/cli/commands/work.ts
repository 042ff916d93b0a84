import { once } from 'node:events'
import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { EXIT } from '../failure.ts'

/** Performs jobs until it is told to stop. */
export const work: Command = command({
  name: 'work',
  summary: 'Performs jobs until it is told to stop',
  usage: 'work -r FILE',
  options: APP_OPTIONS,
  examples: [['work -r ./jobs.js', 'all queues that the file names']],
  run: (invocation) =>
    withApp(invocation, async (app) => {
      app.work()
      await once(process, 'SIGTERM')
      return EXIT.done
    }),
})
