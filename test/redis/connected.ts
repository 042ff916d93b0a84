import { type Connections, connect } from '../../adapters/redis/connection/connect.ts'
import { planOf, type RedisStorageOptions } from '../../adapters/redis/options.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import type { LogFields, Logger } from '../../src/logger.ts'

/** One line of a log that a test reads. */
export interface Line {
  readonly level: string
  readonly fields: LogFields
  readonly message: string
}

/** The connections of a storage without the rooms behind them, and what they log. */
export function connected(
  options: RedisStorageOptions,
  settings: { namespace?: string; clock?: Clock } = {},
): Connections & { readonly lines: Line[] } {
  const { logger, lines } = listLogger()
  const dead = { max: 100, forMs: 1e9 }
  const given = { namespace: '', clock: systemClock, ...settings, logger, dead }
  return { ...connect(planOf(options), given, () => 0), lines }
}

/** A logger that keeps its lines. */
export function listLogger(): { logger: Logger; lines: Line[] } {
  const lines: Line[] = []
  const at = (level: string) => (fields: LogFields, message: string) => void lines.push({ level, fields, message })
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines }
}

/** The rows of CLIENT LIST, as objects. */
export function clientsOf(list: unknown): Record<string, string>[] {
  return String(list)
    .trim()
    .split('\n')
    .map((row) => Object.fromEntries(row.split(' ').map((pair) => pair.split('=') as [string, string])))
}
