import { expect, test } from 'vitest'
import { parseArguments } from '../../src/cli/arguments.ts'
import { command } from '../../src/cli/command.ts'

const jobs = command({
  name: 'jobs',
  summary: 'Shows jobs',
  usage: 'jobs QUEUE',
  options: {
    queue: { type: 'string', short: 'q', multiple: true, value: 'NAME', help: '' },
    limit: { type: 'string', value: 'N', help: '' },
    reverse: { type: 'boolean', help: '' },
  },
  operands: [1, 2],
  examples: [],
  run: async () => 0,
})

test.each([
  ['low', {}, ['low']],
  ['low --limit 5 --reverse', { limit: '5', reverse: true }, ['low']],
  ['-q a -qb low', { queue: ['a', 'b'] }, ['low']],
  ['--limit=-5 low high', { limit: '-5' }, ['low', 'high']],
  ['-v --json low', { verbose: true, json: true }, ['low']],
  ['--help', { help: true }, []],
  ['-- --limit', {}, ['--limit']],
])('%s', (line, options, operands) => {
  const read = parseArguments(jobs, line.split(' '))
  expect({ ...read.options }).toEqual(options)
  expect(read.operands).toEqual(operands)
})

test.each([
  ['low --limt 5', 'quayside jobs has no option --limt; did you mean --limit? (quayside help jobs)'],
  ['low -x', 'quayside jobs has no option -x (quayside help jobs)'],
  ['low --limit', '--limit needs N (quayside help jobs)'],
  ['low --limit=', '--limit needs N (quayside help jobs)'],
  ['low --limit --reverse', '--limit needs N, and --reverse looks like an option (quayside help jobs)'],
  ['low --reverse=yes', '--reverse takes no value (quayside help jobs)'],
  ['', 'quayside jobs needs more; usage: quayside jobs QUEUE'],
  ['a b c', 'quayside jobs: c is too much; usage: quayside jobs QUEUE'],
  ['low --constructor', 'quayside jobs has no option --constructor (quayside help jobs)'],
])('%s is refused', (line, message) => {
  expect(() =>
    parseArguments(
      jobs,
      line.split(' ').filter((word) => word !== ''),
    ),
  ).toThrow(message)
})
