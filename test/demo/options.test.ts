import { expect, test } from 'vitest'
import { readOptions, UsageError } from '../../demo/options.ts'

test('takes node_modules and the odd files unless a folder is named', () => {
  const usual = { out: 'quayside-index.json', help: false }
  expect(readOptions([])).toEqual({ ...usual, roots: ['node_modules', 'demo/odd-files'], isDefault: true })
  expect(readOptions(['src'])).toEqual({ ...usual, roots: ['src'], isDefault: false })
  expect(readOptions(['--out', 'test/x.json'])).toMatchObject({ out: 'test/x.json' })
  expect(readOptions(['--help', '/no/such/folder'])).toMatchObject({ help: true })
})

test.each([
  { args: ['/no/such/folder'], message: 'No such folder: /no/such/folder' },
  { args: ['package.json'], message: 'Not a folder: package.json' },
  { args: ['demo', 'test'], message: 'One folder at a time; got demo test' },
  { args: ['demo', '--out', '/no/such/folder/x'], message: 'No such folder: /no/such/folder' },
  { args: ['demo', '--out', 'test'], message: '--out is a folder: test' },
  { args: ['--shout'], message: "Unknown option '--shout'" },
])('refuses $args', ({ args, message }) => {
  expect(() => readOptions(args)).toThrow(new UsageError(message))
})
