import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { COMMANDS } from '../../src/cli/commands.ts'
import type { Terminal } from '../../src/cli/output/terminal.ts'
import { run } from '../../src/cli/run.ts'

async function running(...args: string[]) {
  const printed: string[] = []
  const terminal: Terminal = {
    print: (text) => printed.push(text),
    warn: (text) => printed.push(text),
    json: (value) => printed.push(JSON.stringify(value)),
    paint: (_, text) => text,
    isInteractive: false,
    columns: 80,
  }
  const code = await run(args, { commands: COMMANDS, env: {}, cwd: '/nowhere', terminal })
  return { code, text: printed.join('\n') }
}

describe.each(COMMANDS)('quayside help $name', ({ name, examples, options }) => {
  test('is what its own -h shows, and fits a terminal of 80 columns', async () => {
    const { code, text } = await running('help', name)
    expect(code).toBe(0)
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(await running(name, '-h')).toEqual({ code, text })
  })

  test('has examples that its own table of options understands', async () => {
    expect(examples.length).toBeGreaterThan(0)
    for (const [line] of examples) {
      // Help wins over whatever else stands there, and what cannot be right is still refused.
      const { code, text } = await running(...line.split(' '), '--help')
      expect({ line, code, text }).toMatchObject({ code: 0 })
    }
  })

  test('gives no letter to two options', () => {
    const letters = Object.values(options).flatMap(({ short }) => short ?? [])
    expect(new Set([...letters, 'v', 'h']).size).toBe(letters.length + 2)
  })
})

test('the overview names every command', async () => {
  const { text } = await running('help')
  for (const { name, summary } of COMMANDS) expect(text).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
  expect(await running('--help')).toEqual({ code: 0, text })
})

test('help of what is no command says the nearest', async () => {
  expect(await running('help', 'wrok')).toEqual({
    code: 2,
    text: 'error: quayside has no command "wrok"; did you mean work?',
  })
})

test('the version is that of the package', async () => {
  expect(await running('-V')).toEqual({ code: 0, text: manifest.version })
})
