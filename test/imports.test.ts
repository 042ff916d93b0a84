import { expect, test } from 'vitest'
import { objection, objections } from '../scripts/imports.mjs'

test('every file keeps to its room', () => {
  expect(objections()).toEqual([])
})

test.each([
  ['src/quayside.ts', './worker/worker.ts'],
  ['src/worker/settle.ts', '../storage.ts'],
  ['src/events.ts', 'mitt'],
  ['adapters/memory/index.ts', './queues.ts'],
  ['adapters/memory/index.ts', '../../src/storage.ts'],
  ['adapters/memory/sets/due.ts', '../../../src/clock.ts'],
  ['test/conformance/races.ts', '../../src/errors.ts'],
  ['src/testing/test-ground.ts', '../../adapters/memory/store.ts'],
  ['src/testing/vitest.ts', 'vitest'],
  ['src/react/use-enqueue.ts', 'react'],
  ['src/cli/main.ts', 'node:util'],
  ['src/cli/app/open-app.ts', '../../../adapters/redis/index.ts'],
])('%s may import %s', (file, specifier) => {
  expect(objection(file, specifier)).toBeUndefined()
})

test.each([
  ['src/quayside.ts', '../adapters/memory/index.ts', 'adapters/memory/index.ts'],
  ['src/worker/worker.ts', '../../adapters/memory/index.ts', 'adapters/memory/index.ts'],
  ['src/clock.ts', 'node:timers', 'node:timers'],
  ['src/clock.ts', 'fs', 'fs'],
  ['src/watch/lookout.ts', 'react', 'react'],
  ['src/cli/main.ts', 'ioredis', 'ioredis'],
  ['src/client.ts', 'quayside/memory', 'quayside/memory'],
  ['src/testing/index.ts', '../../adapters/redis/index.ts', 'adapters/redis/index.ts'],
  ['adapters/memory/index.ts', '../../src/quayside.ts', 'src/quayside.ts'],
  ['adapters/memory/index.ts', '../redis/index.ts', 'adapters/redis/index.ts'],
  ['adapters/memory/index.ts', '../memory-two/index.ts', 'adapters/memory-two/index.ts'],
  ['test/conformance/index.ts', 'vitest', 'vitest'],
  ['test/conformance/index.ts', '../../adapters/memory/index.ts', 'adapters/memory/index.ts'],
])('%s may not import %s', (file, specifier, target) => {
  expect(objection(file, specifier)).toMatch(`${file} imports ${target};`)
})

test('a new folder asks for a rule of its own', () => {
  expect(objection('adapters/unheard-of/index.ts', './x.ts')).toMatch('in no room')
})
