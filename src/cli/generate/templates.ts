import type { Names } from './names.ts'
import { extensionOf, type Project } from './project.ts'

/** A file to be written, its path from the folder of the project. */
export interface Draft {
  readonly path: string
  readonly text: string
}

/** The file in which the app is, without an extension. */
const APP_FILE = 'quayside.app'

export function appDraft(project: Project): Draft {
  const text = `import { Quayside } from 'quayside'
import { configuredStorage } from 'quayside/config'

export const app = new Quayside({
  // Redis where a url is configured (REDIS_URL, say), else memory: enough to try things out.
  storage: configuredStorage(),
})
`
  return { path: APP_FILE + extensionOf(project), text }
}

/** The file that a worker is given: it leads to the app and to every job. */
export function jobsDraft(project: Project, files: readonly string[]): Draft {
  const extension = extensionOf(project)
  const imports = files.map((file) => `import './jobs/${file}${extension}'\n`).join('')
  return { path: `quayside.jobs${extension}`, text: `${imports}\nexport { app } from './${APP_FILE}${extension}'\n` }
}

export function jobDraft(project: Project, { job, file }: Names, queue: string | undefined): Draft {
  const typed = (type: string): string => (project.isTypeScript ? `: ${type}` : '')
  const text = `import { app } from '../${APP_FILE}${extensionOf(project)}'

export const ${job} = app.job('${job}', {
${queue === undefined ? '' : `  queue: '${queue}',\n`}  async perform(name${typed('string')}) {
    this.log.info({ name }, 'performed')
  },
})
`
  return { path: `jobs/${file}${extensionOf(project)}`, text }
}

export function testDraft(project: Project, names: Names): Draft {
  const path = `jobs/${names.file}.test${extensionOf(project)}`
  return { path, text: project.tests === 'vitest' ? vitestText(project, names) : nodeText(project, names) }
}

function vitestText(project: Project, { job, file }: Names): string {
  return `import { drain, fake } from 'quayside/testing'
import 'quayside/testing/vitest'
import { expect, test } from 'vitest'
import { app } from '../${APP_FILE}${extensionOf(project)}'
import { ${job} } from './${file}${extensionOf(project)}'

test('${job} is enqueued, and performs', async () => {
  await fake(app, async () => {
    await ${job}.performAsync('Ada')
    expect(${job}).toHaveEnqueued('Ada')
    await drain(${job})
  })
})
`
}

function nodeText(project: Project, { job, file }: Names): string {
  return `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drain, fake, jobs } from 'quayside/testing'
import { app } from '../${APP_FILE}${extensionOf(project)}'
import { ${job} } from './${file}${extensionOf(project)}'

test('${job} is enqueued, and performs', async () => {
  await fake(app, async () => {
    await ${job}.performAsync('Ada')
    assert.deepEqual(jobs(${job})[0].args, ['Ada'])
    await drain(${job})
    assert.equal(jobs(${job}).length, 0)
  })
})
`
}
