import { describe, expect, test } from 'vitest'
import type { JobSpec } from '../../../src/job.ts'
import { type Payload, toSeconds } from '../../../src/payload.ts'
import { decide, type Failure, type Verdict } from '../../../src/worker/retry.ts'

const NOW = Date.UTC(2026, 10, 22, 12)

class Declined extends Error {
  override name = 'Declined'
}
class CardDeclined extends Declined {
  override name = 'CardDeclined'
}

type Spec = Omit<JobSpec<never>, 'perform'>
type Given = Omit<Partial<Failure>, 'payload' | 'spec'> & { payload?: Record<string, unknown>; spec?: Spec | undefined }

const PERFORMED = { perform() {} }

function ask({ payload, ...rest }: Given = {}) {
  const reports: unknown[] = []
  const verdict = decide({
    payload: { class: 'A', args: [], jid: 'j1', queue: 'default', retry: true, ...payload } as Payload,
    queue: 'low',
    error: new Error('boom'),
    nowMs: NOW,
    stamp: toSeconds,
    random: () => 0,
    report: (error) => reports.push(error),
    ...rest,
    spec: 'spec' in rest ? rest.spec && ({ ...PERFORMED, ...rest.spec } as JobSpec<never>) : PERFORMED,
  })
  return { verdict, reports }
}
const verdictOf = (given: Given = {}): Verdict => ask(given).verdict
const retried = (delayMs: number) => ({ kind: 'retry', delayMs })

/** Fails the job until it is kept no more: all delays, and how it ended. */
function life(payload: Record<string, unknown>, spec: Spec = {}, error = new Error('boom'), most = 100) {
  const delays: number[] = []
  let now: Record<string, unknown> = payload
  let nowMs = NOW
  for (;;) {
    const verdict = verdictOf({ payload: now, spec, error, nowMs })
    now = { ...now, ...verdict.fields }
    if (verdict.kind !== 'retry' || delays.length === most)
      return { delays, runs: delays.length + 1, end: verdict.kind, payload: now }
    delays.push(verdict.delayMs)
    nowMs += verdict.delayMs
  }
}

describe('how often', () => {
  test.each<[string, Record<string, unknown>, number, string]>([
    ['retry: true is 25 retries, 26 runs', { retry: true }, 26, 'exhausted'],
    ['no retry at all is as true', {}, 26, 'exhausted'],
    ['retry: 25', { retry: 25 }, 26, 'exhausted'],
    ['retry: 3', { retry: 3 }, 4, 'exhausted'],
    ['retry: 1', { retry: 1 }, 2, 'exhausted'],
    ['retry: 0 goes to the dead set at the first failure', { retry: 0 }, 1, 'exhausted'],
    ['retry: false keeps nothing', { retry: false }, 1, 'dropped'],
    ['retry: null says nothing', { retry: null }, 26, 'exhausted'],
    ['a retry that is neither counts as true', { retry: 'yes' }, 26, 'exhausted'],
  ])('%s', (_name, payload, runs, end) => expect(life({ ...payload })).toMatchObject({ runs, end }))

  test('the delays are those of Sidekiq', () => {
    expect(life({ retry: 10 }).delays.map((ms) => ms / 1_000)).toEqual([
      15, 16, 31, 96, 271, 640, 1311, 2416, 4111, 6576,
    ])
  })

  test('jitter is added', () => {
    const verdict = verdictOf({ payload: { failed_at: 1.5, retry_count: 1 }, random: () => 0.999 })
    expect(verdict).toMatchObject(retried(31_000 + 29_000))
  })

  test("what the payload says counts before the definition's word, which counts before 25", () => {
    const payload = { retry: undefined }
    expect(verdictOf({ payload, spec: { retry: false } })).toMatchObject({ kind: 'dropped', isDeath: true })
    expect(verdictOf({ payload: { retry: 1 }, spec: { retry: false } })).toMatchObject({ kind: 'retry' })
    expect(verdictOf({ payload: { retry: false }, spec: { retry: 5 } })).toMatchObject({ kind: 'dropped' })
  })

  test('a job that nobody here defines is retried as its payload says', () => {
    const { verdict, reports } = ask({ spec: undefined })
    expect(verdict).toMatchObject(retried(15_000))
    expect(reports).toEqual([])
    expect(verdictOf({ spec: undefined, payload: { retry: undefined } })).toMatchObject(retried(15_000))
    expect(verdictOf({ spec: undefined, payload: { retry: 0 } })).toMatchObject({ kind: 'exhausted' })
  })

  test.each<[string, Spec | undefined]>([
    ['nobody here defines', undefined],
    ['is performed elsewhere', { perform: undefined } as Spec],
  ])('a job that %s is never dropped: it may only be early, or have come to the wrong worker', (_name, spec) => {
    expect(verdictOf({ spec, payload: { retry: false } })).toMatchObject(retried(15_000))
  })

  test('retry: false is a death, so that handlers hear of it', () => {
    expect(verdictOf({ payload: { retry: false } })).toMatchObject({ kind: 'dropped', isDeath: true })
  })
})

describe('retry_for, as in Sidekiq 8.1: only time counts', () => {
  const failedAgo = (seconds: number, more: object = {}) => ({
    payload: { retry_for: 100, failed_at: (NOW - seconds * 1_000) / 1_000, retry_count: 3, ...more },
  })

  test.each<[string, Given, string]>([
    ['the first failure', { payload: { retry_for: 100 } }, 'retry'],
    ['within the time', failedAgo(99), 'retry'],
    ['at its very end', failedAgo(100), 'retry'],
    ['after it', failedAgo(100.001), 'exhausted'],
    ['however often it failed', failedAgo(99, { retry_count: 90 }), 'retry'],
    ['whatever retry says', failedAgo(99, { retry: 0 }), 'retry'],
    ['after it, whatever retry says', failedAgo(101, { retry: 1_000 }), 'exhausted'],
    ['milliseconds, as Sidekiq 8 writes them', failedAgo(0, { failed_at: NOW - 101_000 }), 'exhausted'],
    ['milliseconds, within', failedAgo(0, { failed_at: NOW - 99_000 }), 'retry'],
    ['retry: false keeps nothing all the same', failedAgo(1, { retry: false }), 'dropped'],
  ])('%s', (_name, given, kind) => expect(verdictOf(given).kind).toBe(kind))

  test('what is no number is not there', () => {
    expect(verdictOf({ payload: { retry_for: '1', retry: 0 } }).kind).toBe('exhausted')
  })
})

describe('what the payload says from now on', () => {
  test('after the first failure', () => {
    expect(verdictOf().fields).toEqual({
      queue: 'low',
      error_message: 'boom',
      error_class: 'Error',
      failed_at: (NOW + 1) / 1_000,
      retry_count: 0,
    })
  })

  test('after a later one', () => {
    const { fields } = verdictOf({ payload: { failed_at: 1.5, retry_count: 3 }, nowMs: NOW + 5 })
    expect(fields).toEqual({
      queue: 'low',
      error_message: 'boom',
      error_class: 'Error',
      retried_at: (NOW + 5) / 1_000,
      retry_count: 4,
    })
  })

  test('it comes back to its retry queue, or to the one it was taken from', () => {
    expect(verdictOf({ payload: { retry_queue: 'slow' } }).fields.queue).toBe('slow')
    expect(verdictOf({ queue: 'taken' }).fields.queue).toBe('taken')
  })

  test.each([[7], [''], ['a b'], [null], [{}]])('a retry queue that is no name is not there: %j', (retry_queue) => {
    expect(verdictOf({ payload: { retry_queue } }).fields.queue).toBe('low')
  })

  test('10,000 characters of the message are kept, and no half of one', () => {
    const message = (text: string) => verdictOf({ error: new Error(text) }).fields.error_message
    expect(message('x'.repeat(10_000))).toBe('x'.repeat(10_000))
    expect(message('x'.repeat(10_001))).toBe('x'.repeat(10_000))
    expect(message(`${'x'.repeat(9_999)}👍`)).toBe(`${'x'.repeat(9_999)}\ufffd`)
    expect(message('a\ud800b')).toBe('a\ufffdb')
  })

  test.each([
    ['TypeError', 'TypeError'],
    ['My::Error', 'My::Error'],
    ['a.b-c $d', 'a.b-c $d'],
    ['<script>alert(1)</script>', 'scriptalert1script'],
    ['', 'Error'],
    ['エラー', 'Error'],
    ['x'.repeat(300), 'x'.repeat(200)],
  ])('the class of an error named %j is %j, safe to be shown', (name, error_class) => {
    expect(verdictOf({ error: Object.assign(new Error('boom'), { name }) }).fields.error_class).toBe(error_class)
  })

  test.each([undefined, null, 7, { a: 1 }])('a message may be anything: %j', (message) => {
    const error = Object.assign(new Error('x'), { message })
    expect(verdictOf({ error }).fields.error_message).toBe(String(message))
  })

  test.each([['x'], ['7'], [{}], [[]], [true], [1.5], [-7], [null], [Infinity]])(
    'a stored retry_count of %j counts as none',
    (retry_count) => {
      const { kind, fields, ...rest } = verdictOf({ payload: { failed_at: 1.5, retry_count, retry_for: 1e9 + 1e9 } })
      expect(kind).toBe('retry')
      expect(fields.retry_count).toBe(0)
      expect(rest).toEqual({ delayMs: 15_000 })
    },
  )
})

describe('retryIn', () => {
  const verdictFor = (answer: unknown, given: Given = {}) => ask({ ...given, spec: { retryIn: () => answer as never } })

  test.each<[unknown, object]>([
    ['10m', retried(600_000)],
    [{ minutes: 1, seconds: 1 }, retried(61_000)],
    ['1ms', retried(1)],
    [undefined, retried(15_000)],
    [null, retried(15_000)],
    ['0s', retried(15_000)],
    ['discard', { kind: 'dropped', isDeath: true }],
    ['kill', { kind: 'exhausted' }],
  ])('%j', (answer, verdict) => {
    const { verdict: got, reports } = verdictFor(answer)
    expect(got).toMatchObject(verdict)
    expect(reports).toEqual([])
  })

  test.each([[10], [-5], [''], ['soon'], ['Discard'], ['-5s'], [{}], [[]], [true], [Number.NaN]])(
    'garbage is reported, and the default holds: %j',
    (answer) => {
      const { verdict, reports } = verdictFor(answer)
      expect(verdict).toMatchObject(retried(15_000))
      expect(reports).toHaveLength(1)
      expect((reports[0] as Error).message).toMatch(/^retryIn: its answer must be a duration such as '10m'/)
    },
  )

  test('one that throws is reported, and the default holds', () => {
    const thrower = () => {
      throw 'mine'
    }
    const { verdict, reports } = ask({ spec: { retryIn: thrower } })
    expect(verdict).toMatchObject(retried(15_000))
    expect(reports).toMatchObject([{ message: 'a string was thrown: mine' }])
  })

  test('jitter is added to its answer too', () => {
    expect(verdictFor('10m', { random: () => 0.5 }).verdict).toMatchObject(retried(600_000 + 5_000))
  })

  test('is asked with the count, the error, and the payload as it will be', () => {
    const calls: unknown[][] = []
    const error = new Error('boom')
    const spec: Spec = { retryIn: (...args) => void calls.push(args) }
    verdictOf({ spec, error })
    verdictOf({ spec, error, payload: { failed_at: 1.5, retry_count: 6 } })
    expect(calls).toMatchObject([
      [0, error, { jid: 'j1', retry_count: 0, error_message: 'boom', queue: 'low' }],
      [7, error, { jid: 'j1', retry_count: 7 }],
    ])
  })

  test('is not asked when no retry is left', () => {
    let asked = 0
    const spec: Spec = { retryIn: () => void asked++ }
    expect(verdictOf({ spec, payload: { retry: 0 } }).kind).toBe('exhausted')
    expect(verdictOf({ spec, payload: { retry: false } }).kind).toBe('dropped')
    expect(asked).toBe(0)
  })
})

describe('discardOn', () => {
  test.each<[string, Spec['discardOn'], Error, boolean]>([
    ['its class', [Declined], new Declined('a'), true],
    ['a class above', [Declined], new CardDeclined('a'), true],
    ['a class below', [CardDeclined], new Declined('a'), false],
    ['its name', ['Declined'], new Declined('a'), true],
    ['the name of a class above', ['Declined'], new CardDeclined('a'), false],
    [
      'the name alone, of another copy of a library',
      ['Declined'],
      Object.assign(new Error('a'), { name: 'Declined' }),
      true,
    ],
    ['one of several', ['X', TypeError, Declined], new Declined('a'), true],
    ['none of several', ['X', TypeError], new Declined('a'), false],
    ['nothing', [], new Declined('a'), false],
  ])('by %s', (_name, discardOn, error, isDropped) => {
    expect(verdictOf({ spec: { discardOn: discardOn as never }, error }).kind).toBe(isDropped ? 'dropped' : 'retry')
  })

  test('is no death: nobody is told', () => {
    expect(verdictOf({ spec: { discardOn: [Declined] }, error: new Declined('a') })).toMatchObject({ isDeath: false })
  })
})

describe('retryOn', () => {
  const byRule = (spec: Spec, error: Error = new Declined('a')) => life({ retry: 0 }, spec, error)

  test('5 runs, 3 s apart, unless it says otherwise', () => {
    expect(byRule({ retryOn: [{ error: Declined }] })).toMatchObject({
      runs: 5,
      end: 'exhausted',
      delays: [3_000, 3_000, 3_000, 3_000],
    })
  })

  test.each([1, 2, 9])('attempts: %i counts all runs', (attempts) => {
    expect(byRule({ retryOn: [{ error: Declined, attempts }] })).toMatchObject({ runs: attempts, end: 'exhausted' })
  })

  test('wait may be a function of the runs that have failed so', () => {
    const wait = (executions: number) => `${executions ** 2}s` as const
    expect(byRule({ retryOn: [{ error: Declined, attempts: 4, wait }] }).delays).toEqual([1_000, 4_000, 9_000])
  })

  test("Active Job's jitter is added", () => {
    const spec: Spec = { retryOn: [{ error: Declined, wait: '10s' }] }
    expect(verdictOf({ spec, error: new Declined('a'), random: () => 0.5 })).toMatchObject(retried(10_750))
  })

  test.each<[string, () => never]>([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['answers garbage', () => 5 as never],
  ])('a wait that %s is reported, and 3 s hold', (_name, wait) => {
    const { verdict, reports } = ask({ spec: { retryOn: [{ error: Declined, wait }] }, error: new Declined('a') })
    expect(verdict).toMatchObject(retried(3_000))
    expect(reports).toEqual([expect.objectContaining({ message: expect.stringMatching(/^mine$|^retryOn: wait /) })])
  })

  test('without a wait 3 s hold, and there is nothing to report', () => {
    const { verdict, reports } = ask({ spec: { retryOn: [{ error: Declined }] }, error: new Declined('a') })
    expect(verdict).toMatchObject(retried(3_000))
    expect(reports).toEqual([])
  })

  test('each rule counts for itself', () => {
    const spec: Spec = {
      retryOn: [
        { error: Declined, attempts: 3 },
        { error: TypeError, attempts: 3 },
      ],
    }
    let payload: Record<string, unknown> = {}
    const kinds = [new Declined('1'), new TypeError('1'), new Declined('2'), new TypeError('2'), new Declined('3')].map(
      (error) => {
        const verdict = verdictOf({ payload, spec, error })
        payload = { ...payload, ...verdict.fields }
        return verdict.kind
      },
    )
    expect(kinds).toEqual(['retry', 'retry', 'retry', 'retry', 'exhausted'])
    expect(payload).toMatchObject({ retry_count: 4, exception_executions: { Declined: 3, TypeError: 2 } })
  })

  test('several errors of one rule count together', () => {
    const spec: Spec = { retryOn: [{ error: [TypeError, 'Declined'], attempts: 2 }] }
    const first = verdictOf({ spec, error: new Declined('a') })
    expect(first.fields.exception_executions).toEqual({ 'TypeError,Declined': 1 })
    expect(verdictOf({ spec, error: new TypeError('a'), payload: { ...first.fields } }).kind).toBe('exhausted')
  })

  test('the counts of others stay', () => {
    const payload = { exception_executions: { Other: 7 } }
    const { fields } = verdictOf({ payload, spec: { retryOn: [{ error: Declined }] }, error: new Declined('a') })
    expect(fields.exception_executions).toEqual({ Other: 7, Declined: 1 })
  })

  test.each([['x'], [null], [-3], [{}]])('a stored count of %j does no harm', (count) => {
    const payload = { exception_executions: { Declined: count } }
    const spec: Spec = { retryOn: [{ error: Declined }] }
    const { fields } = verdictOf({ payload, spec, error: new Declined('a') })
    expect(fields.exception_executions).toEqual({ Declined: 1 })
  })

  test('counts beside the payload may be anything', () => {
    for (const exception_executions of ['abc', 7, null, []]) {
      const verdict = verdictOf({
        payload: { exception_executions },
        spec: { retryOn: [{ error: Declined }] },
        error: new Declined('a'),
      })
      expect(verdict.kind).toBe('retry')
    }
  })
})

describe('the order of the rules', () => {
  const retryIn = () => 'kill' as const

  test('discardOn, then retryOn, then retry, then retryIn', () => {
    const error = new Declined('a')
    const all: Spec = { discardOn: [Declined], retryOn: [{ error: Declined }], retry: 0, retryIn }
    expect(verdictOf({ spec: all, error, payload: { retry: 0 } })).toMatchObject({ kind: 'dropped', isDeath: false })
    const { discardOn, ...noDiscard } = all
    expect(verdictOf({ spec: noDiscard, error, payload: { retry: 0 } })).toMatchObject(retried(3_000))
    const { retryOn, ...noRule } = noDiscard
    expect(verdictOf({ spec: noRule, error, payload: { retry: false } })).toMatchObject({
      kind: 'dropped',
      isDeath: true,
    })
    expect(verdictOf({ spec: noRule, error, payload: { retry: 5 } })).toMatchObject({ kind: 'exhausted' })
    expect(verdictOf({ spec: {}, error, payload: { retry: 5 } })).toMatchObject(retried(15_000))
  })

  test('the first rule that fits holds', () => {
    const retryOn = [{ error: 'X' }, { error: Declined, wait: '7s' }, { error: CardDeclined, wait: '9s' }] as const
    expect(verdictOf({ spec: { retryOn }, error: new CardDeclined('a') })).toMatchObject(retried(7_000))
  })
})
