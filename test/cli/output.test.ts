import { expect, test } from 'vitest'
import { table } from '../../src/cli/output/table.ts'
import { processTerminal } from '../../src/cli/output/terminal.ts'

test('a table has columns as wide as what is in them, styles not counted', () => {
  const rows = [
    ['\x1b[31mlow\x1b[39m', '5'],
    ['critical', '1200'],
  ]
  expect(table([{ title: 'queue' }, { title: 'size', align: 'right' }], rows)).toBe(
    ['queue     size', '\x1b[31mlow\x1b[39m          5', 'critical  1200'].join('\n'),
  )
})

test.each([
  [true, {}, '\x1b[31mno\x1b[39m'],
  [true, { NO_COLOR: '1' }, 'no'],
  [false, {}, 'no'],
])('on a terminal: %s, with %j', (isTTY, env, painted) => {
  // Only what is looked at; a whole process is not to be had.
  const stream = { isTTY, columns: 0 } as NodeJS.WriteStream
  const { paint, columns } = processTerminal({
    ...process,
    env,
    stdin: process.stdin,
    stdout: stream as never,
    stderr: stream as never,
  })
  expect(paint('red', 'no')).toBe(painted)
  expect(columns).toBe(80)
})
