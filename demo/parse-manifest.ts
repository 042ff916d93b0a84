import { countWords } from './count-words.ts'
import type { FileFacts } from './facts.ts'
import { UnreadableFileError } from './unreadable-file-error.ts'

/** What a package.json says. Throws UnreadableFileError for one that is no JSON object. */
export function parseManifest(text: string): FileFacts {
  const manifest = parseObject(text)
  const { name, version, description, homepage, repository, bugs } = manifest
  const links = [homepage, addressIn(repository, 'url'), addressIn(bugs, 'url')]
  return {
    words: countWords(stringOr(description, '')),
    headings: [],
    links: [...new Set(links.filter((link) => typeof link === 'string'))],
    licence: licenceOf(manifest),
    manifest: { name: stringOr(name, null), version: stringOr(version, null) },
  }
}

function parseObject(text: string): Record<string, unknown> {
  const value = parseJson(text)
  if (isRecord(value)) return value
  throw new UnreadableFileError('not a JSON object')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UnreadableFileError('not JSON', { cause })
  }
}

/** `license` as it is now, `{ type }` as it was, and `licenses`, a list of those, as it was before. */
function licenceOf({ license, licenses }: Record<string, unknown>): string | null {
  const all = (Array.isArray(licenses) ? licenses : [license]).map((one) => addressIn(one, 'type'))
  return all.filter((one) => typeof one === 'string').join(' OR ') || null
}

/** A string, or the one that an object holds: package.json often allows both. */
const addressIn = (value: unknown, field: string): unknown => (isRecord(value) ? value[field] : value)

const stringOr = <T>(value: unknown, otherwise: T): string | T => (typeof value === 'string' ? value : otherwise)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
