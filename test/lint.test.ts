import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../scripts/ready/program.mjs'
import { capture } from '../scripts/ready/quietly.mjs'

/** A small house with the same rules. A pattern that matches no file would switch a rule off and say nothing. */
const house = mkdtempSync(join(tmpdir(), 'quayside-lint-'))

const refused = [
  ['Date.now()', 'plugin'],
  ['new Date()', 'plugin'],
  ['performance.now()', 'plugin'],
  ['Math.random()', 'plugin'],
  ['crypto.randomUUID()', 'plugin'],
  ['crypto.getRandomValues(new Uint8Array(8))', 'plugin'],
  ['AbortSignal.timeout(5)', 'plugin'],
  ['globalThis.setTimeout(() => {}, 5)', 'plugin'],
  ['setTimeout(() => {}, 5)', 'lint/style/noRestrictedGlobals'],
  ['setInterval(() => {}, 5)', 'lint/style/noRestrictedGlobals'],
  ['queueMicrotask(() => {})', 'lint/style/noRestrictedGlobals'],
  ["console.log('hello')", 'lint/suspicious/noConsole'],
  ["import('../one')", 'lint/correctness/useImportExtensions'],
] as const

describe('the linter', () => {
  let findings: { rule: string | undefined; file: string | undefined }[]

  beforeAll(async () => {
    for (const file of ['biome.json', '.gitignore', 'scripts/clock.grit']) cpSync(join(root, file), join(house, file))
    for (const [index, [code]] of refused.entries()) write(`src/worker/refused-${index}.ts`, code)
    write('src/clock.ts', 'setTimeout(() => {}, Date.now() * Math.random())')
    write('src/logger.ts', "console.log('hello')")
    write('src/one.ts', "import('./two.ts')")
    write('src/two.ts', "import('./one.ts')")
    write('adapters/memory/index.ts', "console.log('hello')")
    write('demo/main.ts', "console.log('hello', Date.now())")
    const { output } = await capture('biome', ['lint', '--reporter=github', '--max-diagnostics=none'], { cwd: house })
    findings = [...output.matchAll(/^::error title=(.+?),file=(.+?),/gm)].map(([, rule, file]) => ({ rule, file }))
  })

  afterAll(() => rmSync(house, { recursive: true, force: true }))

  test.each(refused.map(([code, rule], index) => ({ code, rule, index })))('refuses $code', ({ rule, index }) => {
    expect(findingsIn(`src/worker/refused-${index}.ts`)).toEqual([rule])
  })

  test('refuses cycles, and a console in an adapter', () => {
    expect(findingsIn('src/one.ts')).toEqual(['lint/suspicious/noImportCycles'])
    expect(findingsIn('src/two.ts')).toEqual(['lint/suspicious/noImportCycles'])
    expect(findingsIn('adapters/memory/index.ts')).toEqual(['lint/suspicious/noConsole'])
  })

  test.each(['src/clock.ts', 'src/logger.ts', 'demo/main.ts'])('lets %s do what others may not', (file) => {
    expect(findingsIn(file)).toEqual([])
  })

  function findingsIn(path: string): unknown[] {
    return findings.filter(({ file }) => file?.endsWith(`/${path}`)).map(({ rule }) => rule)
  }
})

function write(file: string, code: string): void {
  mkdirSync(dirname(join(house, file)), { recursive: true })
  writeFileSync(join(house, file), `export const value: unknown = ${code}\n`)
}
