import { type Command, command } from '../command.ts'
import { EXIT } from '../failure.ts'
import { namesOf } from '../generate/names.ts'
import { extensionOf, readProject } from '../generate/project.ts'
import { appDraft, jobDraft, jobsDraft, testDraft } from '../generate/templates.ts'
import { createIfMissing, jobFiles, write } from '../generate/write.ts'
import { tell } from './generate.ts'

/** Sets a project up: an app, a first job and its test. */
export const init: Command = command({
  name: 'init',
  summary: 'Sets a project up: an app, a first job and its test',
  usage: 'init',
  options: {},
  notes: ['Files that are there stay as they are.'],
  examples: [['init', 'in the folder with package.json']],
  async run({ options, cwd, terminal }) {
    const project = readProject(cwd)
    const isNew = jobFiles(project).length === 0
    const first = namesOf('Hello')
    const drafts = isNew ? [jobDraft(project, first, undefined), testDraft(project, first)] : []
    const made = [appDraft(project), ...drafts].map((draft) => createIfMissing(project, draft))
    const jobs = jobsDraft(project, jobFiles(project))
    tell([...made, write(project.folder, jobs)], options.json === true, terminal)
    if (!options.json) terminal.print(`\nNext: npx quayside work -r ./quayside.jobs${extensionOf(project)}`)
    return EXIT.done
  },
})
