import { type Spot, spotsOf } from './html-spots.ts'

/**
 * Markup that is safe by construction: only `html` and `flags` make it, and what they are given they escape by where it
 * stands. A value that came from storage therefore never becomes markup, whoever wrote the page.
 */
export interface Html {
  readonly [kind]: 'content' | 'flags'
  toString(): string
}

const kind: unique symbol = Symbol('safe markup')

/** What may stand in a hole of a template. Nothing is shown for undefined, null and false. */
export type Content = Html | string | number | undefined | null | false | readonly Content[]

/** A template whose holes are escaped. Throws for a hole in a place that no escaping makes safe. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  const spots = spotsIn(strings)
  let text = strings[0] as string
  for (const [index, value] of values.entries()) text += write(value, spots[index] as Spot) + strings[index + 1]
  return markup('content', text)
}

type Flag = 'checked' | 'disabled' | 'hidden' | 'open' | 'required' | 'selected'

/** Attributes without a value, for a hole inside a tag: those that are true. */
export function flags(given: Readonly<Partial<Record<Flag, boolean>>>): Html {
  const names = Object.entries(given).flatMap(([name, isSet]) => (isSet ? [name] : []))
  return markup('flags', names.join(' '))
}

const markup = (of: Html[typeof kind], text: string): Html => ({ [kind]: of, toString: () => text })

const isHtml = (value: unknown): value is Html => typeof value === 'object' && value !== null && kind in value

function write(value: Content, spot: Spot): string {
  if (value === undefined || value === null || value === false) return ''
  if (Array.isArray(value)) return value.map((each) => write(each, spot)).join('')
  if (isHtml(value)) {
    if (spot.in !== (value[kind] === 'flags' ? 'tag' : 'content'))
      throw new Error(`Markup cannot stand in a ${spot.in}.`)
    return String(value)
  }
  if (spot.in === 'tag') throw new Error('Inside a tag there is room for flags() only.')
  if (spot.in === 'address') assertOwnAddress(String(value))
  return escaped(String(value))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string)

/** A `javascript:` address would run; `//host` and `/\host` lead elsewhere, browsers drop a tab between. */
function assertOwnAddress(address: string): void {
  if (!/^(?:\/(?![\t\n\r]*[/\\])|[?#])/.test(address)) throw new Error('An address must be a path of this dashboard.')
}

const known = new WeakMap<TemplateStringsArray, readonly Spot[]>()

/** A template is read once, however often it is filled. */
function spotsIn(strings: TemplateStringsArray): readonly Spot[] {
  const spots = known.get(strings) ?? spotsOf(strings)
  known.set(strings, spots)
  return spots
}
