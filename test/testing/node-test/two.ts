import { test } from 'node:test'
import { assertEnqueuedExactly, fake } from '../../../src/testing/index.ts'
import { app, Welcome } from './app.ts'

fake(app)

test('a file beside it sees its own jobs only', async () => {
  await Welcome.performAsync(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  assertEnqueuedExactly(Welcome, [[1]])
})
