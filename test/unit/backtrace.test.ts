import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeBacktrace, encodeBacktrace } from '../../src/backtrace.ts'

const stacked = (stack: unknown): Error => Object.assign(new Error('boom'), { stack })
const linesOf = async (stack: unknown, limit: true | number = true) =>
  decodeBacktrace(await encodeBacktrace(stacked(stack), limit))

const V8 = 'TypeError: boom\n    at charge (file:///app/jobs.js:3:9)\n    at async run (file:///app/worker.js:7:1)'
const FIREFOX = 'charge@https://a.b/jobs.js:3:9\nasync*run@https://a.b/worker.js:7:1\n'

describe('what is stored', () => {
  test('are the lines of calls, without the message', async () => {
    expect(await linesOf(V8)).toEqual([
      'at charge (file:///app/jobs.js:3:9)',
      'at async run (file:///app/worker.js:7:1)',
    ])
    expect(await linesOf(FIREFOX)).toEqual(['charge@https://a.b/jobs.js:3:9', 'async*run@https://a.b/worker.js:7:1'])
  })

  test('a message with an address in it is not taken for a call', async () => {
    expect(await linesOf(V8.replace('boom', 'no mail for a@b.c'))).toHaveLength(2)
  })

  test.each([
    [1, 1],
    [2, 2],
    [9, 2],
    [0, 0],
    [true, 2],
  ] as const)('of a limit of %s, %i lines', async (limit, count) => {
    expect(await linesOf(V8, limit)).toHaveLength(count)
  })

  test("no < and >, which Sidekiq's page does not escape", async () => {
    expect(await linesOf('Error\n    at Object.<anonymous> (a.js:1:2)\n    at <b>x</b> (a.js:1:2)')).toEqual([
      'at Object.(anonymous) (a.js:1:2)',
      'at (b)x(/b) (a.js:1:2)',
    ])
  })

  test('is JSON that Ruby can read: no lone surrogates', async () => {
    expect(await linesOf('Error\n    at \ud800 (a.js:1:2)')).toEqual(['at \ufffd (a.js:1:2)'])
  })

  test('a stack of another shape is kept as it is', async () => {
    expect(await linesOf('somewhere\n  else')).toEqual(['somewhere', 'else'])
  })

  test.each([[undefined], [null], [7], [[]], ['']])('a stack may be missing, or anything: %j', async (stack) => {
    expect(await linesOf(stack)).toBeInstanceOf(Array)
  })

  test('is one line of base64', async () => {
    const stack = `Error\n${Array.from({ length: 500 }, (_, n) => `    at f${n} (file:///é/${n}.js:1:1)`).join('\n')}`
    const stored = await encodeBacktrace(stacked(stack), true)
    expect(stored).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(await decodeBacktrace(stored)).toHaveLength(500)
  })
})

describe('what Ruby has stored', () => {
  const lines = Array.from({ length: 40 }, (_, n) => `/app/jobs/é${n}.rb:${n}:in \`perform'`)
  const base64 = deflateSync(JSON.stringify(lines)).toString('base64')

  test('by Sidekiq 7.2.1 and later: no line breaks', async () => expect(await decodeBacktrace(base64)).toEqual(lines))

  test('by Sidekiq before: a line break every 60 characters', async () => {
    const broken = base64.replace(/.{1,60}/g, '$&\n')
    expect(broken.split('\n').length).toBeGreaterThan(3)
    expect(await decodeBacktrace(broken)).toEqual(lines)
  })
})

describe('what is no backtrace rejects', () => {
  test.each([
    ['no base64', '***'],
    ['not deflated', btoa('["a"]')],
    ['cut off', deflateSync('["aaaaaaaaaaaaaaaaaaaa"]').subarray(0, 9).toString('base64')],
    ['no JSON', deflateSync('nope').toString('base64')],
    ['no array', deflateSync('{"a":1}').toString('base64')],
    ['no lines', deflateSync('[1,{}]').toString('base64')],
    ['empty', ''],
    ['a bomb', deflateSync(JSON.stringify(['a'.repeat(100_000_000)])).toString('base64')],
  ])('%s', async (_name, stored) => {
    await expect(decodeBacktrace(stored)).rejects.toThrow()
  })
})
