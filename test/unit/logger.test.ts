import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { consoleLogger, type LogLevel, silentLogger, withFields } from '../../src/logger.ts'
import { keepingLogger } from './support/engine.ts'

const LEVELS: LogLevel[] = ['debug', 'info', 'warn', 'error']
const written: [LogLevel, string, unknown?][] = []
const lines = (): string[] => written.map(([, line]) => line)

beforeEach(() => {
  written.length = 0
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8, 5, 6, 7) })
  for (const level of LEVELS)
    vi.spyOn(console, level).mockImplementation((...line) => void written.push([level, ...(line as [string])]))
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const writeAll = (level?: LogLevel): void => {
  const logger = consoleLogger(level ? { level, format: 'json' } : { format: 'json' })
  for (const each of LEVELS) logger[each]({}, each)
}

describe('levels', () => {
  test.each(LEVELS)('from %s on', (level) => {
    writeAll(level)
    expect(written.map(([each]) => each)).toEqual(LEVELS.slice(LEVELS.indexOf(level)))
  })

  test("the default is 'info'", () => {
    writeAll()
    expect(written.map(([each]) => each)).toEqual(['info', 'warn', 'error'])
  })

  test('the silent logger writes nothing', () => {
    for (const level of LEVELS) silentLogger[level]({ a: 1 }, 'm')
    expect(written).toEqual([])
  })
})

describe('json', () => {
  const parsed = (fields: object): Record<string, unknown> => {
    consoleLogger({ format: 'json' }).info(fields as never, 'm')
    return JSON.parse(lines()[0] as string)
  }

  test('is an object a line, with time, level and message first', () => {
    consoleLogger({ format: 'json' }).warn({ jid: 'j1', n: 1 }, 'a\nb')
    expect(lines()).toEqual(['{"time":"2026-11-22T08:05:06.007Z","level":"warn","msg":"a\\nb","jid":"j1","n":1}'])
  })

  test('shows errors wherever they stand', () => {
    const error = Object.assign(new TypeError('boom'), { stack: 'the stack' })
    const shown = { name: 'TypeError', message: 'boom', stack: 'the stack' }
    expect(parsed({ error, deep: { list: [error] } })).toMatchObject({ error: shown, deep: { list: [shown] } })
  })

  test('shows an error that would rather print itself', () => {
    const error = Object.assign(new Error('boom'), { toJSON: () => ({ config: 'secret' }) })
    expect(parsed({ error }).error).toMatchObject({ name: 'Error', message: 'boom' })
  })

  test.each<[string, unknown]>([
    ['a bigint', 10n],
    [
      'a cycle',
      (() => {
        const a: Record<string, unknown> = {}
        a.a = a
        return a
      })(),
    ],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('no')
        },
      },
    ],
  ])('never throws into the job that logs: %s', (_name, value) => {
    expect(parsed({ value, jid: 'j1' })).toMatchObject({ level: 'info', msg: 'm' })
  })
})

describe('pretty', () => {
  test('is time, level and message, and the fields as they are: the console shows them best', () => {
    const fields = { jid: 'j1', error: new Error('boom'), big: 10n }
    consoleLogger({ format: 'pretty' }).warn(fields, 'm')
    expect(written).toEqual([['warn', '08:05:06.007 warn  m', fields]])
  })
})

describe('the format, unless it is given', () => {
  const withTerminal = (isTTY: boolean | undefined): string => {
    vi.stubGlobal('process', isTTY === undefined ? undefined : { stdout: { isTTY } })
    try {
      consoleLogger().info({}, 'm')
    } finally {
      vi.unstubAllGlobals()
    }
    return (lines()[0] as string)[0] === '{' ? 'json' : 'pretty'
  }

  test.each([
    [true, 'pretty'],
    [false, 'json'],
    [undefined, 'pretty'],
  ])('terminal: %s, then %s', (isTTY, format) => {
    expect(withTerminal(isTTY)).toBe(format)
  })
})

describe('withFields', () => {
  test('adds its fields to every line; those of the line win', () => {
    const { lines: kept, logger } = keepingLogger()
    const mine = withFields(withFields(logger, { jid: 'j1', job: 'A' }), { attempt: 2 })
    mine.warn({ job: 'B', x: 1 }, 'm')
    expect(kept).toEqual([['warn', { jid: 'j1', job: 'B', attempt: 2, x: 1 }, 'm']])
  })

  test.each(LEVELS)('keeps the level: %s', (level) => {
    const { lines: kept, logger } = keepingLogger()
    withFields(logger, {})[level]({}, 'm')
    expect(kept).toEqual([[level, {}, 'm']])
  })

  test("calls methods on the logger itself, as pino's need", () => {
    class Pino {
      seen: unknown[] = []
      debug(...line: unknown[]) {
        this.seen.push(line)
      }
      info(...line: unknown[]) {
        this.seen.push(line)
      }
      warn(...line: unknown[]) {
        this.seen.push(line)
      }
      error(...line: unknown[]) {
        this.seen.push(line)
      }
    }
    const pino = new Pino()
    const mine = withFields(pino, { jid: 'j1' })
    for (const level of LEVELS) mine[level]({}, level)
    expect(pino.seen).toEqual(LEVELS.map((level) => [{ jid: 'j1' }, level]))
  })
})
