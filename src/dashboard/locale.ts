import { type Content, type Html, html } from './html.ts'
import type { en } from './messages/en.ts'
import { type Language, languages, type Message } from './messages/languages.ts'

export type MessageKey = keyof typeof en

/** The names in the holes of a message: 'count' of '{count} jobs'. */
type Holes<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never
type TextOf<M> = M extends { readonly other: infer Other } ? Other : M
type Values<K extends MessageKey, Value> = [Holes<TextOf<(typeof en)[K]>>] extends [never]
  ? []
  : [values: Readonly<Record<Holes<TextOf<(typeof en)[K]>>, Value>>]

/** A message without holes. */
export type PlainKey = { [K in MessageKey]: Values<K, string> extends [] ? K : never }[MessageKey]

/** How one language says things. Whole sentences come from its messages; numbers, dates and lengths of time from Intl. */
export interface Locale {
  readonly code: string
  readonly dir: 'ltr' | 'rtl'
  /** A message. Numbers in it are written as the language does; `count` chooses the plural. */
  t<K extends MessageKey>(key: K, ...values: Values<K, string | number>): string
  /** A message with markup in its holes. */
  rich<K extends MessageKey>(key: K, ...values: Values<K, Content>): Html
  number(value: number): string
  percent(share: number): string
  /** An instant, in UTC unless the reader's zone is known. */
  instant(atMs: number): string
  /** The time of day of an instant: '09:30'. */
  time(atMs: number): string
  /** A day such as '2026-01-31'. */
  day(day: string): string
  /** A length of time, by its two largest units: '3 min 20 s'. */
  duration(ms: number): string
  /** How far an instant is from now: '5 minutes ago', 'in 2 days'. */
  relative(atMs: number, nowMs: number): string
}

/** The languages that the dashboard speaks, by their codes, in the order of its menu. */
export const languageCodes: readonly string[] = Object.keys(languages)

const isSpoken = (code: string): boolean => Object.hasOwn(languages, code)

/** The first of these wishes ('de-CH', 'fr;q=0.8') that is spoken here; undefined when none is. */
export function spoken(wishes: readonly string[]): string | undefined {
  return wishes.map((wish) => wish.trim().split(/[-_;]/)[0]?.toLowerCase() ?? '').find(isSpoken)
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** Making formatters is slow, so a locale is made once for each language and zone. */
const made = new Map<string, Locale>()
const MOST_MADE = 500

export function localeOf(code: string, zone: string): Locale {
  const key = `${code} ${zone}`
  const locale = made.get(key) ?? makeLocale(code, zone)
  if (made.size < MOST_MADE) made.set(key, locale)
  return locale
}

function makeLocale(code: string, zone: string): Locale {
  const { dir, messages } = languages[code] as Language
  const plurals = new Intl.PluralRules(code)
  const numbers = new Intl.NumberFormat(code)
  const percents = new Intl.NumberFormat(code, { style: 'percent', maximumFractionDigits: 1 })
  const instants = new Intl.DateTimeFormat(code, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  })
  const times = new Intl.DateTimeFormat(code, { timeStyle: 'short', timeZone: zone })
  const days = new Intl.DateTimeFormat(code, { dateStyle: 'medium', timeZone: 'UTC' })
  const ago = new Intl.RelativeTimeFormat(code, { numeric: 'auto' })
  const both = new Intl.ListFormat(code, { type: 'unit', style: 'narrow' })
  const amounts = new Map(
    ['day', 'hour', 'minute', 'second', 'millisecond'].map((unit) => [
      unit,
      new Intl.NumberFormat(code, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }),
    ]),
  )

  const number = (value: number) => numbers.format(value)
  const textFor = (key: MessageKey, count: unknown): string => {
    const message: Message = messages[key]
    if (typeof message === 'string') return message
    return (typeof count === 'number' ? message[plurals.select(count)] : undefined) ?? message.other
  }
  const written = (value: Content) => (typeof value === 'number' ? number(value) : value)

  return {
    code,
    dir,
    t(key, ...[values]) {
      const given = (values ?? {}) as Readonly<Record<string, string | number>>
      return textFor(key, given.count).replace(/\{(\w+)\}/g, (_, name) => String(written(given[name])))
    },
    rich(key, ...[values]) {
      const given = (values ?? {}) as Readonly<Record<string, Content>>
      const pieces = textFor(key, given.count).split(/\{(\w+)\}/)
      return html`${pieces.map((piece, index) => (index % 2 === 0 ? piece : written(given[piece])))}`
    },
    number,
    percent: (share) => percents.format(share),
    instant: (atMs) => instants.format(atMs),
    time: (atMs) => times.format(atMs),
    day: (day) => days.format(Date.parse(day)),
    duration(ms) {
      if (ms < 1_000) return amounts.get('millisecond')?.format(Math.round(ms)) ?? ''
      let left = Math.round(ms / 1_000) * 1_000
      const parts = UNITS.flatMap(([unit, unitMs]) => {
        const amount = Math.floor(left / unitMs)
        left -= amount * unitMs
        return amount > 0 ? [amounts.get(unit)?.format(amount) ?? ''] : []
      })
      return both.format(parts.slice(0, 2))
    },
    relative(atMs, nowMs) {
      const ms = atMs - nowMs
      const [unit, unitMs] = UNITS.find(([, unitMs]) => Math.abs(ms) >= unitMs) ?? ['second', 1_000]
      return ago.format(Math.trunc(ms / unitMs), unit)
    },
  }
}
