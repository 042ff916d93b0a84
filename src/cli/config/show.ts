import { durationMs } from '../../duration.ts'
import { type Column, table } from '../output/table.ts'
import type { Configuration } from './configuration.ts'

/** One setting as it holds, and what said so. */
export interface Shown {
  readonly value: unknown
  readonly from: string
}

const COLUMNS: readonly Column[] = [{ title: 'setting' }, { title: 'value' }, { title: 'from' }]

/** The settings by name, without secrets. */
export function shownSettings({ settings, from }: Configuration): Readonly<Record<string, Shown>> {
  const entries = Object.entries({
    ...settings,
    ...(settings.redisUrl && { redisUrl: withoutSecrets(settings.redisUrl) }),
  })
  return Object.fromEntries(
    entries.map(([name, value]) => [name, { value, from: from[name as keyof typeof from] ?? '' }]),
  )
}

/** What `--print-config` shows to people. */
export function showConfiguration(configuration: Configuration): string {
  const rows = Object.entries(shownSettings(configuration)).map(([name, { value, from }]) => {
    return [name, typeof value === 'string' ? value : JSON.stringify(value), from]
  })
  const file = configuration.file ?? 'none'
  return [table(COLUMNS, rows), '', `file: ${file}`, ...configuration.notes.map(({ text }) => text)].join('\n')
}

/** A url as it may be shown: what is no url may hold a password anywhere. */
export function withoutSecrets(url: string): string {
  if (url.startsWith('/')) return url.replace(/\?.*/, '')
  if (!URL.canParse(url)) return '(not shown: this is no url)'
  const { protocol, host, pathname, username, password } = new URL(url)
  return `${protocol}//${username || password ? '***@' : ''}${host}${pathname}`
}

/** A duration as people say it. */
export function inSeconds(duration: unknown): string {
  return `${(durationMs(duration) ?? 0) / 1000} s`
}
