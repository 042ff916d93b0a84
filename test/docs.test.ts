import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { dist } from '../scripts/ready/dist.mjs'
import { root } from '../scripts/ready/program.mjs'
import { capture } from '../scripts/ready/quietly.mjs'
import { type CodeBlock, codeBlocks } from './docs/code-blocks.ts'
import { runProgram } from './docs/program.ts'

/** Every block becomes a program here, where `quayside` is the package as built. */
const folder = join(root, '.cache', 'docs')
const timeout = 20_000

describe('the code in the documentation', () => {
  const blocks = pages().flatMap((page) => codeBlocks(page, readFileSync(join(root, page), 'utf8')))
  let complaints: string[]

  beforeAll(async () => {
    await dist()
    complaints = await compile(blocks)
  })

  for (const block of blocks) {
    test.concurrent(`${block.name} ${block.run ? 'compiles and runs' : 'compiles'}`, { timeout }, async ({
      expect,
    }) => {
      expect(complaints.filter((line) => isAbout(block, line))).toEqual([])
      if (!block.run) return

      const { printed, errors, code } = await runProgram(join(folder, 'js', `${fileOf(block)}.js`), block.output)
      if (code === 'stuck') expect.fail(`still running: stop what it starts, or mark it no-run\n${printed}\n${errors}`)
      if (code !== 'finished') expect(code, errors).toBe(0)
      if (block.output !== undefined) expect(printed).toBe(block.output)
    })
  }

  test('the compiler has no other complaint', () => {
    expect(complaints.filter((line) => !blocks.some((block) => isAbout(block, line)))).toEqual([])
  })
})

function pages(): string[] {
  const docs = existsSync(join(root, 'docs'))
    ? readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    : []
  return ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]
}

/** Compiles all the programs at once, and answers what tsc says. */
async function compile(blocks: CodeBlock[]): Promise<string[]> {
  if (blocks.length === 0) return []
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const settings = {
    extends: '../../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      rootDir: '.',
      outDir: 'js',
      inlineSourceMap: true,
      jsx: 'react-jsx',
      allowJs: false,
      checkJs: false,
    },
    include: ['*.ts', '*.tsx'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  for (const block of blocks) writeFileSync(join(folder, `${fileOf(block)}.${block.language}`), block.code)
  const { output } = await capture('tsc', ['-p', folder, '--pretty', 'false'])
  // An indented line belongs to the one before.
  return output.split(/\n(?! )/).filter((line) => line !== '')
}

function fileOf({ name }: CodeBlock): string {
  return name.replaceAll(/[/:]/g, '-')
}

function isAbout(block: CodeBlock, line: string): boolean {
  return line.includes(`/${fileOf(block)}.${block.language}(`)
}
