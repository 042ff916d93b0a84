import { type Command, command } from '../command.ts'
import { EXIT, UsageError } from '../failure.ts'
import { namesOf } from '../generate/names.ts'
import { readProject } from '../generate/project.ts'
import { appDraft, jobDraft, jobsDraft, testDraft } from '../generate/templates.ts'
import { create, createIfMissing, jobFiles, type Written, write } from '../generate/write.ts'
import type { Paint, Terminal } from '../output/terminal.ts'
import { checkedQueue } from '../shelves/queue-name.ts'

/** Writes a job and its test. */
export const generate: Command = command({
  name: 'generate',
  summary: 'Writes a job and its test',
  usage: 'generate job NAME',
  options: {
    queue: { type: 'string', short: 'q', value: 'NAME', help: 'the queue that it goes to' },
    force: { type: 'boolean', short: 'f', help: 'write over files that are there' },
  },
  operands: [2, 2],
  notes: [
    'jobs/NAME and its test, in TypeScript where the project has a tsconfig.json; tests are for vitest where the project has it, else for node:test. quayside.jobs, which a worker is given, is written anew with all that is in jobs/.',
  ],
  examples: [
    ['generate job TaskLogger', 'jobs/task-logger.ts and its test'],
    ['generate job Charge -q critical', 'with a queue of its own'],
  ],
  async run({ operands, options, cwd, terminal }) {
    const [what, name = ''] = operands
    if (what !== 'job') throw new UsageError(`generate makes a job: quayside generate job ${what ?? 'NAME'}`)
    if (options.queue !== undefined) checkedQueue(options.queue)
    const project = readProject(cwd)
    const names = namesOf(name)
    const drafts = [jobDraft(project, names, options.queue), testDraft(project, names)]
    const written = [
      ...create(project, drafts, options.force === true),
      createIfMissing(project, appDraft(project)),
      write(project.folder, jobsDraft(project, jobFiles(project))),
    ]
    tell(written, options.json === true, terminal)
    return EXIT.done
  },
})

/** Says what was written. */
export function tell(written: readonly Written[], json: boolean, terminal: Terminal): void {
  if (json) terminal.json(written)
  else for (const file of written) if (file.what !== 'kept') terminal.print(lineOf(file, terminal.paint))
}

const lineOf = ({ path, what }: Written, paint: Paint): string => `${paint('green', what)} ${path}`
