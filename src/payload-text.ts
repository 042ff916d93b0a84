import { MalformedPayloadError } from './errors.ts'
import { isRecord } from './options.ts'

/** The value of a stored text. Throws MalformedPayloadError when it is no JSON object. */
export function parseObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new MalformedPayloadError(`The stored job is not JSON: ${(cause as Error).message}`, { cause })
  }
  if (!isRecord(value)) throw new MalformedPayloadError('The stored job is not an object.')
  return value
}

/**
 * The text of a payload with some of its top-level fields replaced, added, or (when undefined) left out. Every other
 * byte stays as it was: big integers, `1.0`, spaces and the order of keys are not for us to change, and JSON.parse
 * would lose them. Throws MalformedPayloadError when the text is no JSON object.
 */
export function replaceFields(text: string, fields: Readonly<Record<string, unknown>>): string {
  parseObject(text) // from here on the text is known to be sound, and reading it is simple
  const members = membersOf(text)
  const added = new Map(Object.entries(fields))
  let result = ''
  for (const [index, { name, start, end }] of members.entries()) {
    const isOurs = Object.hasOwn(fields, name)
    // A name that stands twice is written once: readers differ in which one they believe.
    if (isOurs && (!added.delete(name) || fields[name] === undefined)) continue
    if (result !== '') result += text.slice(members[index - 1]?.end, start)
    result += isOurs ? memberText(name, fields[name]) : text.slice(start, end)
  }
  for (const [name, value] of added) if (value !== undefined) result += (result && ',') + memberText(name, value)
  const first = members[0]?.start ?? text.indexOf('{') + 1
  return text.slice(0, first) + result + text.slice(members.at(-1)?.end ?? first)
}

/** A value that is JSON already, and is written as it is. */
export class RawJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * The text of one top-level field, as it is stored; undefined when there is none. Of a name that stands twice the last
 * holds, as for JSON.parse. Throws MalformedPayloadError when the text is no JSON object.
 */
export function fieldText(text: string, name: string): string | undefined {
  parseObject(text)
  const member = membersOf(text).findLast((each) => each.name === name)
  if (!member) return undefined
  const whole = text.slice(member.start, member.end)
  return whole.slice(whole.indexOf(':', stringEnd(whole, 0)) + 1).trim()
}

const memberText = (name: string, value: unknown): string =>
  `${JSON.stringify(name)}:${value instanceof RawJson ? value.text : JSON.stringify(value)}`

interface Member {
  readonly name: string
  /** Of the whole `"name": value`, in the text. */
  readonly start: number
  readonly end: number
}

/** The top-level members of an object's text, in order. */
function membersOf(text: string): Member[] {
  const members: Member[] = []
  let depth = 0
  let start = -1
  let nameEnd = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === '"') {
      const end = stringEnd(text, at)
      if (depth === 1 && start < 0) {
        start = at
        nameEnd = end
      }
      at = end - 1
    } else if (depth === 1 && start >= 0 && (character === ',' || character === '}')) {
      const end = start + text.slice(start, at).trimEnd().length
      members.push({ name: JSON.parse(text.slice(start, nameEnd)), start, end })
      start = -1
    }
    if (character === '{' || character === '[') depth++
    if (character === '}' || character === ']') depth--
  }
  return members
}

/** The index after the string that begins at `from`: after the first quote that no backslash escapes. */
function stringEnd(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}
