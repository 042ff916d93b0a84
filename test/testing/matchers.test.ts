import { describe, expect, test } from 'vitest'
import '../../src/testing/vitest.ts'
import {
  assertEnqueued,
  assertEnqueuedExactly,
  assertNotEnqueued,
  assertRetryable,
  drain,
  fake,
  inline,
  jobs,
} from '../../src/testing/index.ts'
import { failing, harbour } from './harbour.ts'

function faked() {
  const { app } = harbour()
  fake(app)
  const Pay = app.job('Pay', { queue: 'critical', retry: 10, perform: (_order: number, _method: string) => {} })
  const Note = app.job('Note', { perform: (_note: { id: number; tags?: string[] }) => {} })
  return { app, Pay, Note }
}

function messageOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

describe('toHaveEnqueued', () => {
  test('holds for a job with these arguments, or with any', async () => {
    const { Pay, Note } = faked()
    await Pay.performAsync(7, 'visa')
    expect(Pay).toHaveEnqueued()
    expect(Pay).toHaveEnqueued(7, 'visa')
    expect(Pay).not.toHaveEnqueued(8, 'visa')
    expect(Note).not.toHaveEnqueued()
    expect(() => expect(Pay).toHaveEnqueued(8, 'visa')).toThrow()
    expect(() => expect(Pay).not.toHaveEnqueued(7, 'visa')).toThrow()
  })

  test('sees pushes that were not awaited', () => {
    const { Pay } = faked()
    Pay.performAsync(7, 'visa')
    expect(Pay).toHaveEnqueued(7, 'visa')
    expect(messageOf(() => expect(Pay).toHaveEnqueued(8, 'visa'))).toContain(
      '(7, "visa") on \'critical\', not awaited yet',
    )
  })

  test('takes asymmetric matchers, and functions, at any depth', async () => {
    const { Pay, Note } = faked()
    await Pay.performAsync(7, 'visa')
    await Note.performAsync({ id: 1, tags: ['a', 'b'] })
    expect(Pay).toHaveEnqueued(expect.any(Number), expect.stringMatching(/^v/))
    expect(Pay).not.toHaveEnqueued(expect.any(String), 'visa')
    expect(Note).toHaveEnqueued(expect.objectContaining({ id: 1 }))
    expect(Note).toHaveEnqueued({ id: expect.any(Number), tags: ['a', (tag: string) => tag > 'a'] })
    expect(Note).not.toHaveEnqueued({ id: 1 })
    expect(Note).not.toHaveEnqueued({ id: 1, tags: ['a'] })
    expect(Pay).not.toHaveEnqueued((order) => (order as unknown as { none: { none: 1 } }).none.none === 1, 'visa')
  })

  test('what is undefined is not there', async () => {
    const { Note } = faked()
    await Note.performAsync({ id: 1 })
    expect(Note).toHaveEnqueued({ id: 1, tags: undefined })
  })

  test('looks at all jobs of an app', async () => {
    const { app, Pay } = faked()
    expect(app).not.toHaveEnqueued()
    await Pay.performAsync(7, 'visa')
    expect(app).toHaveEnqueued(7, 'visa')
    expect(app).toHaveEnqueuedTimes(1)
  })

  test('knows the types of the arguments', () => {
    const { Pay } = faked()
    const never = () => {
      // @ts-expect-error the order is a number
      expect(Pay).toHaveEnqueued('7', 'visa')
      // @ts-expect-error the method is missing
      expect(Pay).toHaveEnqueuedOn('critical', 7)
      // @ts-expect-error a bare number is no duration
      expect(Pay).toHaveEnqueuedIn(10)
      // @ts-expect-error the order is a number
      assertEnqueued(Pay, ['7', 'visa'])
    }
    expect(never).toBeTypeOf('function')
  })
})

describe('where, when and how often', () => {
  test('toHaveEnqueuedOn', async () => {
    const { Pay } = faked()
    await Pay.performAsync(7, 'visa')
    await Pay.set({ queue: 'low' }).performIn('5m', 8, 'visa')
    expect(Pay).toHaveEnqueuedOn('critical')
    expect(Pay).toHaveEnqueuedOn('low', 8, 'visa')
    expect(Pay).not.toHaveEnqueuedOn('low', 7, 'visa')
    expect(() => expect(Pay).toHaveEnqueuedOn('no queue')).toThrow('on must be a queue name')
  })

  test('toHaveEnqueuedIn and toHaveEnqueuedAt', async () => {
    const { Pay } = faked()
    const at = new Date(Date.now() + 86_400_000)
    await Pay.performIn('10m', 7, 'visa')
    await Pay.performAt(at, 8, 'visa')
    await Pay.performAsync(9, 'visa')
    expect(Pay).toHaveEnqueuedIn('10m')
    expect(Pay).toHaveEnqueuedIn({ seconds: 600 }, 7, 'visa')
    expect(Pay).not.toHaveEnqueuedIn('10m', 8, 'visa')
    expect(Pay).not.toHaveEnqueuedIn('9m')
    expect(Pay).toHaveEnqueuedIn('1d', 8, 'visa')
    expect(Pay).toHaveEnqueuedAt(at, 8, 'visa')
    expect(Pay).not.toHaveEnqueuedAt(new Date(at.getTime() + 2_000))
    expect(Pay).toHaveEnqueuedIn('0s', 9, 'visa')
    expect(() => expect(Pay).toHaveEnqueuedIn(5 as never)).toThrow('in must be a duration')
  })

  test('a retry is due so long after its failure', async () => {
    const { app } = faked()
    const job = app.job('Fail', { retryOn: [{ error: Error, wait: '1h' }], perform: failing(1) })
    await job.performAsync()
    await expect(drain(app)).rejects.toThrow('not yet')
    expect(messageOf(() => expect(job).toHaveEnqueuedIn('5h'))).toMatch(/it is due in 1\.\d+h, at 20/)
  })

  test('toHaveEnqueuedTimes', async () => {
    const { Pay } = faked()
    expect(Pay).toHaveEnqueuedTimes(0)
    await Pay.performBulk([
      [7, 'visa'],
      [7, 'visa'],
      [8, 'visa'],
    ])
    expect(Pay).toHaveEnqueuedTimes(3)
    expect(Pay).toHaveEnqueuedTimes(2, 7, expect.anything())
    expect(Pay).not.toHaveEnqueuedTimes(1, 7, 'visa')
  })

  test('toHaveEnqueuedExactly pairs each list with a job of its own', async () => {
    const { Pay } = faked()
    expect(Pay).toHaveEnqueuedExactly()
    await Pay.performAsync(7, 'visa')
    await Pay.performAsync(8, 'sepa')
    expect(Pay).toHaveEnqueuedExactly([8, 'sepa'], [7, 'visa'])
    expect(Pay).toHaveEnqueuedExactly([expect.any(Number), expect.any(String)], [7, 'visa'])
    expect(Pay).not.toHaveEnqueuedExactly([7, 'visa'])
    expect(Pay).not.toHaveEnqueuedExactly([7, 'visa'], [7, 'visa'])
    expect(messageOf(() => expect(Pay).toHaveEnqueuedExactly([7, 'visa'], [9, 'visa']))).toBe(
      [
        'Expected what waits of Pay to be exactly (7, "visa") (9, "visa").',
        'Missing:',
        '  (9, "visa")',
        'Not expected:',
        '  (8, "sepa") on \'critical\'',
      ].join('\n'),
    )
  })
})

test('toBeRetryable, of a job or of a payload', async () => {
  const { app, Pay, Note } = faked()
  expect(Pay).toBeRetryable()
  expect(Pay).toBeRetryable(10)
  expect(Pay).not.toBeRetryable(25)
  expect(Note).toBeRetryable(25)
  expect(Note).toBeRetryable(true)
  expect(app.job('Never', { retry: false })).not.toBeRetryable()
  expect(app.job('Once', { retry: 0 })).not.toBeRetryable()
  await Pay.set({ retry: 1 }).performAsync(7, 'visa')
  expect(jobs(Pay)[0]).toBeRetryable(1)
  expect(messageOf(() => expect(Pay).toBeRetryable(3))).toBe('Expected Pay to be retryable: 3 times; it is: 10 times.')
  expect(() => expect('Pay').toBeRetryable()).toThrow('takes a job, or a payload')
  const { app: other } = harbour({ defaults: { retry: 4 } })
  expect(other.job('Note', {})).toBeRetryable(4)
})

describe('a failing message', () => {
  test('shows what was enqueued instead, closest first', async () => {
    const { Pay } = faked()
    await Pay.performAsync(1, 'cash')
    await Pay.performIn('10m', 7, 'sepa')
    await Pay.set({ queue: 'low' }).performAsync(7, 'visa')
    const at = jobs(Pay)[1]?.at?.toISOString()
    expect(messageOf(() => expect(Pay).toHaveEnqueuedOn('critical', 7, 'visa'))).toBe(
      [
        'Expected Pay to be enqueued with (7, "visa") on \'critical\'.',
        'Enqueued instead, closest first:',
        `  (7, "sepa") on 'critical', due in 10m, at ${at} — args[1] is "sepa"`,
        "  (7, \"visa\") on 'low' — the queue is 'low'",
        '  (1, "cash") on \'critical\' — args[0] is 1; args[1] is "cash"',
      ].join('\n'),
    )
  })

  test('shows where deep arguments differ, and those that match them by half first', async () => {
    const { Note } = faked()
    await Note.performAsync({ id: 2, tags: ['x'] })
    await Note.performAsync({ id: 1, tags: ['a', 'c'] })
    expect(
      messageOf(() => expect(Note).toHaveEnqueued({ id: 1, tags: ['a', 'b'] }))
        .split('\n')
        .slice(2),
    ).toEqual([
      '  ({ id: 1, tags: ["a", "c"] }) on \'default\' — args[0].tags[1] is "c"',
      '  ({ id: 2, tags: ["x"] }) on \'default\' — args[0].id is 2; args[0].tags[0] is "x"; args[0].tags[1] is undefined',
    ])
  })

  test('shows five, and counts the others; clips what is long', async () => {
    const { Pay } = faked()
    await Pay.performBulk(Array.from({ length: 8 }, (_, n) => [n, 'x'.repeat(500)] as [number, string]))
    const lines = messageOf(() => expect(Pay).toHaveEnqueued(9, expect.stringContaining('y'))).split('\n')
    expect(lines).toHaveLength(8)
    expect(lines.at(-1)).toBe('  and 3 more')
    expect(lines[0]).toBe('Expected Pay to be enqueued with (9, StringContaining "y").')
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(400)
  })

  test('tells how often it was, and that nothing is there, and what else is', async () => {
    const { app, Pay, Note } = faked()
    expect(messageOf(() => expect(Pay).toHaveEnqueued())).toBe('Expected Pay to be enqueued.\nNothing waits.')
    await Note.performBulk([[{ id: 1 }], [{ id: 2 }]])
    expect(messageOf(() => expect(Pay).toHaveEnqueued())).toMatch('Nothing of it waits; of others: Note 2 times.')
    expect(messageOf(() => expect(app).toHaveEnqueuedTimes(3, { id: 2 }))).toBe(
      [
        'Expected a job to be enqueued with ({ id: 2 }) 3 times.',
        'Enqueued so, once:',
        "  Note ({ id: 2 }) on 'default'",
        'Enqueued instead, closest first:',
        "  Note ({ id: 1 }) on 'default' — args[0].id is 1",
      ].join('\n'),
    )
  })

  test('says so in inline mode', () => {
    const { app } = harbour()
    inline(app)
    const job = app.job('Note', {})
    expect(messageOf(() => expect(job).toHaveEnqueued())).toMatch('in inline mode jobs are performed when they are')
  })

  test('of what should not be shows what is', async () => {
    const { Pay } = faked()
    await Pay.performAsync(7, 'visa')
    expect(messageOf(() => expect(Pay).not.toHaveEnqueued(7, 'visa'))).toBe(
      'Did not expect Pay to be enqueued with (7, "visa"), but it is:\n  (7, "visa") on \'critical\'',
    )
    expect(messageOf(() => expect(Pay).not.toHaveEnqueuedExactly([7, 'visa']))).toMatch(
      'Did not expect what waits of Pay',
    )
    expect(messageOf(() => expect(Pay).not.toBeRetryable())).toMatch('Did not expect Pay to be retryable')
  })
})

describe('the plain functions', () => {
  test('say the same, with all options at once', async () => {
    const { app, Pay } = faked()
    await Pay.performIn('10m', 7, 'visa')
    assertEnqueued(Pay, [7, 'visa'], { on: 'critical', in: '10m', times: 1 })
    assertEnqueued(Pay, { times: 1 })
    assertEnqueued(app)
    assertNotEnqueued(Pay, [7, 'visa'], { on: 'low' })
    assertNotEnqueued(Pay, { at: new Date() })
    assertEnqueuedExactly(Pay, [[7, 'visa']])
    assertRetryable(Pay, 10)
    expect(messageOf(() => assertEnqueued(Pay, { times: 2 }))).toMatch(
      /^Expected Pay to be enqueued 2 times\.\nEnqueued so, once:\n {2}\(7, "visa"\)/,
    )
    expect(() => assertNotEnqueued(Pay)).toThrow(expect.objectContaining({ code: 'ERR_ASSERTION' }))
  })

  test('refuse options that cannot be right', () => {
    const { Pay } = faked()
    expect(() => assertEnqueued(Pay, { queue: 'x' } as never)).toThrow('assertEnqueued() has no option "queue"')
    expect(() => assertEnqueued(Pay, { in: '1h', at: new Date() })).toThrow('takes in or at, not both')
    expect(() => assertEnqueued({} as never)).toThrow('Expected an app')
  })
})
