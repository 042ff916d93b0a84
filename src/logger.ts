import { systemClock } from './clock.ts'

/** What a line is about: jid, job, queue, attempt and the like. Values are JSON, or Errors. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where the library's lines go. A pino logger is one as it is. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface ConsoleLoggerOptions {
  /** Lines below this level are dropped. Default 'info'. */
  readonly level?: LogLevel
  /** 'pretty' for people, 'json' for machines: one object a line. Default: pretty on a terminal and in a browser. */
  readonly format?: 'pretty' | 'json'
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** A logger that writes nothing. */
export const silentLogger: Logger = loggerOf(() => {})

/** The default logger: lines on the console. */
export function consoleLogger(options: ConsoleLoggerOptions = {}): Logger {
  const from = LEVELS.indexOf(options.level ?? 'info')
  const isJson = options.format === 'json' || (options.format === undefined && !isForPeople())
  return loggerOf((level, fields, message) => {
    if (LEVELS.indexOf(level) < from) return
    const time = new Date(systemClock.now()).toISOString()
    if (isJson) console[level](jsonLine({ time, level, msg: message, ...fields }))
    // The console itself knows best how to show fields and errors, on a terminal as in a browser.
    else console[level](`${time.slice(11, 23)} ${level.padEnd(5)} ${message}`, fields)
  })
}

/** A logger whose every line also carries `fields`. */
export function withFields(logger: Logger, fields: LogFields): Logger {
  return loggerOf((level, more, message) => logger[level]({ ...fields, ...more }, message))
}

function loggerOf(write: (level: LogLevel, fields: LogFields, message: string) => void): Logger {
  return {
    debug: (fields, message) => write('debug', fields, message),
    info: (fields, message) => write('info', fields, message),
    warn: (fields, message) => write('warn', fields, message),
    error: (fields, message) => write('error', fields, message),
  }
}

/** A browser has no process; a Node process whose output goes to a file or a collector has no terminal. */
function isForPeople(): boolean {
  const { process } = globalThis as { process?: { stdout?: { isTTY?: boolean } } }
  return process?.stdout === undefined || process.stdout.isTTY === true
}

/** Never throws: a field that cannot be printed must not fail the job that logs it. */
function jsonLine(line: LogFields): string {
  try {
    return JSON.stringify(line, printable)
  } catch {
    return `{${Object.entries(line).map(([name, value]) => `${JSON.stringify(name)}:${jsonValue(value)}`)}}`
  }
}

function jsonValue(value: unknown): string {
  try {
    return JSON.stringify(value, printable) ?? 'null'
  } catch (error) {
    return JSON.stringify(`not printable: ${(error as Error).message}`)
  }
}

/** A replacer: errors as objects, also those with a toJSON of their own, and big integers as text. */
function printable(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key]
  if (original instanceof Error) return { name: original.name, message: original.message, stack: original.stack }
  return typeof value === 'bigint' ? String(value) : value
}
