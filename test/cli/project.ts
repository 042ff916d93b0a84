import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from '../../scripts/ready/program.mjs'

/** A folder of a test's own in which Quayside is installed, with these files. Answers its path. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-project-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/quayside'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** The text of a job file: an app on `configuredStorage()`, with a job that greets. */
export function jobFile(more: string = ''): string {
  return `
    import { Quayside } from 'quayside'
    import { configuredStorage } from 'quayside/config'
    export const app = new Quayside({ storage: configuredStorage() })
    export const Hello = app.job('Hello', { async perform(name) { console.log('hello', name) } })
    ${more}`
}
