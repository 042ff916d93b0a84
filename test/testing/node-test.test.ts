import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the plain functions work in node:test, files in parallel, and leave nothing running', {
  timeout: 30_000,
}, async () => {
  const files = ['one.ts', 'two.ts'].map((file) => join(import.meta.dirname, 'node-test', file))
  const args = ['--import', 'tsx', '--test', '--test-reporter=tap', ...files]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH: process.env.PATH } })
  expect(stdout).toMatch('# pass 2')
  expect(stdout).toMatch('# fail 0')
})
