import { APP_OPTIONS } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { readConfiguration } from '../config/configuration.ts'
import { showConfiguration, shownSettings } from '../config/show.ts'
import { EXIT } from '../failure.ts'
import { Performer } from '../work/perform.ts'
import { watch } from '../work/watch.ts'

/** Performs jobs until it is told to stop. */
export const work: Command = command({
  name: 'work',
  summary: 'Performs jobs until it is told to stop',
  usage: 'work -r FILE',
  options: {
    ...APP_OPTIONS,
    queue: {
      type: 'string',
      short: 'q',
      multiple: true,
      value: 'NAME[,N]',
      help: 'a queue and its weight; repeatable',
      env: 'QUAYSIDE_QUEUES',
    },
    concurrency: { type: 'string', short: 'c', value: 'N', help: 'jobs at a time (10)', env: 'QUAYSIDE_CONCURRENCY' },
    timeout: {
      type: 'string',
      short: 't',
      value: 'S',
      help: 'seconds that a stop waits (25)',
      env: 'QUAYSIDE_TIMEOUT',
    },
    tag: { type: 'string', short: 'g', value: 'TAG', help: "shown beside the worker's name", env: 'QUAYSIDE_TAG' },
    health: { type: 'string', value: 'PORT', help: 'answer probes on this port', env: 'QUAYSIDE_HEALTH' },
    watch: { type: 'boolean', help: 'start again when a file changes' },
    'print-config': { type: 'boolean', help: 'show what holds and where it comes from, and end' },
  },
  notes: [
    'Options count more than variables, those more than the section of the file for the environment, that more than the rest of the file.',
    'Without -q it serves all queues of the jobs that FILE defines.',
    'Signals: TERM and INT stop (twice: at once), TSTP claims no more, TTIN shows what runs.',
    'Exit codes: 0 stopped, 1 failed, 2 wrong options or configuration, 130 and 143 ended at once by INT and TERM.',
  ],
  examples: [
    ['work -r jobs.js', 'all queues of its jobs'],
    ['work -r jobs.js -q critical,2 -q low -c 25', 'two, by weight'],
    ['work -r jobs.js -C config/sidekiq.yml', "as Sidekiq's file says"],
    ['work -r jobs.js --watch', 'while you write them'],
  ],
  async run(invocation) {
    const { options, env, cwd, terminal } = invocation
    const configuration = await readConfiguration(invocation)
    if (options['print-config']) {
      if (options.json) terminal.json(shownSettings(configuration))
      else terminal.print(showConfiguration(configuration))
      return EXIT.done
    }
    const say = options.json
      ? (line: string) => terminal.json({ time: new Date().toISOString(), level: 'info', msg: line.trim() })
      : terminal.print
    // What a watched worker starts has the variable, and no way to the watcher.
    const isWatched = env.QUAYSIDE_WATCHED === '1' && process.connected
    if (options.watch && !isWatched) return watch({ folder: cwd, say })
    return new Performer({ configuration, env, isWatched, say }).run()
  },
})
