import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertEnqueued,
  assertEnqueuedExactly,
  assertNotEnqueued,
  assertRetryable,
  drain,
  fake,
  jobs,
} from '../../../src/testing/index.ts'
import { app, Welcome } from './app.ts'

fake(app)

test('plain functions work in node:test', async () => {
  await Welcome.performAsync(7)
  assertEnqueued(Welcome)
  assertEnqueued(Welcome, [7], { on: 'mailers', times: 1 })
  assertEnqueued(Welcome, [(id) => id > 5])
  assertEnqueuedExactly(Welcome, [[7]])
  assertNotEnqueued(Welcome, [8])
  assertRetryable(Welcome, 25)
  assert.throws(() => assertEnqueued(Welcome, [8]), {
    name: 'AssertionError',
    code: 'ERR_ASSERTION',
    message:
      "Expected Welcome to be enqueued with (8).\nEnqueued instead, closest first:\n  (7) on 'mailers' — args[0] is 7",
  })
  assert.equal(await drain(app), 1)
  assert.deepEqual(jobs(app), [])
})
