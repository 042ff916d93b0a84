import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from '../failure.ts'
import { extensionOf, type Project } from './project.ts'
import type { Draft } from './templates.ts'

/** What became of a file. */
export interface Written {
  readonly path: string
  readonly what: 'created' | 'updated' | 'kept'
}

/** Writes files that are not there yet. Throws Failure, with nothing written, when one is that must be new. */
export function create({ folder }: Project, drafts: readonly Draft[], force: boolean): Written[] {
  const there = drafts.filter(({ path }) => existsSync(join(folder, path)))
  if (there.length > 0 && !force) {
    throw new Failure(`${there.map(({ path }) => path).join(', ')} is there already; --force writes over it`)
  }
  return drafts.map((draft) => write(folder, draft))
}

/** Writes a file where there is none, and leaves one that is there as it is. */
export function createIfMissing({ folder }: Project, draft: Draft): Written {
  return existsSync(join(folder, draft.path)) ? { path: draft.path, what: 'kept' } : write(folder, draft)
}

export function write(folder: string, { path, text }: Draft): Written {
  const file = join(folder, path)
  const what = existsSync(file) ? 'updated' : 'created'
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return { path, what }
}

/** The files in `jobs/`, without their extension, and without tests. */
export function jobFiles(project: Project): string[] {
  const folder = join(project.folder, 'jobs')
  const extension = extensionOf(project)
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files
    .filter((file) => file.endsWith(extension) && !file.includes('.test.'))
    .map((file) => file.slice(0, -extension.length))
    .sort()
}
