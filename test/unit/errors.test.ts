import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import * as errors from '../../src/errors.ts'

describe('every error of ours', () => {
  const classes = Object.entries(errors).filter(([name]) => name.endsWith('Error') && name !== 'toError')

  test.each(classes)('%s has its own name and code, literally', (name, Class) => {
    const error = new (Class as new (...args: string[]) => errors.QuaysideError)('path', 'message')
    expect(error).toBeInstanceOf(errors.QuaysideError)
    expect(error.name).toBe(name)
    const words = name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    expect(error.code).toBe(`ERR_${words.toUpperCase()}`)
  })
})

test('hasCode looks at the code, not the class', () => {
  expect(errors.hasCode(new errors.ShutdownError('a'), 'ERR_SHUTDOWN')).toBe(true)
  expect(errors.hasCode({ code: 'ERR_SHUTDOWN' }, 'ERR_SHUTDOWN')).toBe(true)
  expect(errors.hasCode(new errors.ShutdownError('a'), 'ERR_CLOSED')).toBe(false)
  for (const value of [null, undefined, 'ERR_SHUTDOWN', 7]) expect(errors.hasCode(value, 'ERR_SHUTDOWN')).toBe(false)
})

test("a storage's error says what became of the call, and keeps its cause", () => {
  const cause = new Error('ECONNRESET')
  const options = { cause, outcome: 'unknown' } as const
  expect(new errors.StorageUnavailableError('away')).toMatchObject({ outcome: 'none', message: 'away' })
  expect(new errors.StorageUnavailableError('away', options)).toMatchObject({ outcome: 'unknown', cause })
})

describe('toError', () => {
  test('leaves an Error as it is', () => {
    const error = new TypeError('a')
    expect(errors.toError(error)).toBe(error)
  })

  test('an Error of another realm keeps its name and message', () => {
    const foreign = runInNewContext('new TypeError("boom")')
    const error = errors.toError(foreign)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'TypeError', message: 'boom', cause: foreign })
  })

  const cycle: Record<string, unknown> = {}
  cycle.self = cycle

  test.each<[unknown, string]>([
    ['boom', 'a string was thrown: boom'],
    [undefined, 'a undefined was thrown: undefined'],
    [null, 'a object was thrown: null'],
    [7, 'a number was thrown: 7'],
    [{ a: 1 }, 'a object was thrown: {"a":1}'],
    [cycle, 'a object was thrown: [object Object]'],
    [Symbol('s'), 'a symbol was thrown: Symbol(s)'],
    [{ name: 'X' }, 'a object was thrown: {"name":"X"}'],
  ])('%o becomes one, with the value as its cause', (thrown, message) => {
    expect(errors.toError(thrown)).toMatchObject({ name: 'NonError', message, cause: thrown })
  })
})
