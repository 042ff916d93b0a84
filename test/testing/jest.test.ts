import { expect as jest } from 'expect'
import { expect, test } from 'vitest'
import '../../src/testing/vitest.ts'
import { type EnqueuedMatchers, fake, jobs, matchers } from '../../src/testing/index.ts'
import { harbour } from './harbour.ts'

// Jest's own `expect`, as its tests have it; what stands around it here is another runner.
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends EnqueuedMatchers<T, R> {}
}

jest.extend(matchers)

async function faked() {
  const { app } = harbour()
  fake(app)
  const Pay = app.job('Pay', { queue: 'critical', retry: 10, perform: (_order: number, _method: string) => {} })
  const Note = app.job('Note', { perform: (_note: { id: number; tags: string[] }) => {} })
  const at = new Date(Date.now() + 86_400_000)
  await Pay.performIn('10m', 7, 'visa')
  await Pay.performAt(at, 8, 'sepa')
  await Note.performAsync({ id: 1, tags: ['a', 'b'] })
  return { app, Pay, Note, at }
}

type Faked = Awaited<ReturnType<typeof faked>>

function messageOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

test('all matchers hold, and do not, as they should', async () => {
  const { app, Pay, Note, at } = await faked()
  jest(Pay).toHaveEnqueued()
  jest(Pay).toHaveEnqueued(7, 'visa')
  jest(Pay).not.toHaveEnqueued(9, 'visa')
  jest(Pay).toHaveEnqueuedOn('critical', 7, 'visa')
  jest(Pay).not.toHaveEnqueuedOn('low')
  jest(Pay).toHaveEnqueuedIn('10m', 7, 'visa')
  jest(Pay).not.toHaveEnqueuedIn('9m')
  jest(Pay).toHaveEnqueuedAt(at, 8, 'sepa')
  jest(Pay).not.toHaveEnqueuedAt(at, 7, 'visa')
  jest(Pay).toHaveEnqueuedTimes(2)
  jest(Pay).not.toHaveEnqueuedTimes(1)
  jest(app).toHaveEnqueuedTimes(3)
  jest(Note).toHaveEnqueuedExactly([{ id: 1, tags: ['a', 'b'] }])
  jest(Note).not.toHaveEnqueuedExactly()
  jest(Pay).toBeRetryable(10)
  jest(Pay).not.toBeRetryable(25)
  jest(jobs(Note)[0]).toBeRetryable()
})

test("arguments may be Jest's asymmetric matchers, at any depth", async () => {
  const { Pay, Note } = await faked()
  jest(Pay).toHaveEnqueued(jest.any(Number), jest.stringMatching(/^v/))
  jest(Pay).not.toHaveEnqueued(jest.any(String), jest.anything())
  jest(Pay).toHaveEnqueuedTimes(1, 7, jest.not.stringContaining('sepa'))
  jest(Note).toHaveEnqueued(jest.objectContaining({ id: 1 }))
  jest(Note).not.toHaveEnqueued(jest.objectContaining({ id: 2 }))
  jest(Note).toHaveEnqueued({ id: jest.any(Number), tags: jest.arrayContaining(['b']) })
  expect(messageOf(() => jest(Pay).toHaveEnqueued(jest.any(String), 'visa'))).toContain('with (Any<String>, "visa").')
})

test.each<[string, (expect: typeof jest, faked: Faked) => unknown]>([
  ['toHaveEnqueued', (e, { Pay }) => e(Pay).toHaveEnqueued(7, 'cash')],
  ['.not', (e, { Pay }) => e(Pay).not.toHaveEnqueued(7, 'visa')],
  ['any', (e, { Pay }) => e(Pay).toHaveEnqueued(e.any(String), 'visa')],
  ['objectContaining', (e, { Note }) => e(Note).toHaveEnqueued(e.objectContaining({ id: 2 }))],
  ['stringContaining', (e, { Pay }) => e(Pay).toHaveEnqueued(7, e.stringContaining('x'))],
  ['not.arrayContaining', (e, { Note }) => e(Note).toHaveEnqueued({ id: 1, tags: e.not.arrayContaining(['a']) })],
  ['toHaveEnqueuedOn', (e, { Pay }) => e(Pay).toHaveEnqueuedOn('low', 7, 'visa')],
  ['toHaveEnqueuedIn', (e, { Pay }) => e(Pay).toHaveEnqueuedIn('1h')],
  ['toHaveEnqueuedAt', (e, { Pay, at }) => e(Pay).toHaveEnqueuedAt(at, 7, 'visa')],
  ['toHaveEnqueuedTimes', (e, { app }) => e(app).toHaveEnqueuedTimes(9)],
  ['toHaveEnqueuedExactly', (e, { Pay }) => e(Pay).toHaveEnqueuedExactly([7, 'visa'], [9, 'visa'])],
  ['toBeRetryable', (e, { Pay }) => e(Pay).toBeRetryable(3)],
  ['not.toBeRetryable', (e, { Pay }) => e(Pay).not.toBeRetryable()],
  ['an option that cannot be right', (e, { Pay }) => e(Pay).toHaveEnqueuedOn('no queue')],
])("what fails says the same as under Vitest, with each one's own matchers: %s", async (_name, check) => {
  const here = await faked()
  const message = messageOf(() => check(jest, here))
  expect(message).toMatch(/^(Expected|Did not expect|toHaveEnqueuedOn\(\))/)
  expect(message).toBe(messageOf(() => check(expect as unknown as typeof jest, here)))
})
