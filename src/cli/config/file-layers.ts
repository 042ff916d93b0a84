import { dirname, extname, resolve } from 'node:path'
import { isRecord, nearest } from '../../options.ts'
import { UsageError } from '../failure.ts'
import { ENVIRONMENTS, KEYS, plainKey, REDIS_KEYS, UNUSED, UNUSED_REDIS } from './file-keys.ts'
import type { Layer } from './layers.ts'
import type { ConfigFile } from './read-file.ts'
import { READERS, type Settings } from './settings.ts'

/** What a file says, for one environment. */
export interface FileLayers {
  /** Strongest first: the section of the environment, then the file. */
  readonly layers: readonly Layer[]
  readonly notes: readonly Note[]
}

/** What has no use here, and why. */
export interface Note {
  readonly key: string
  readonly text: string
}

type Content = Readonly<Record<string, unknown>>
type Path = readonly string[]

/** The environment that a file names itself. Throws UsageError. */
export function environmentOf({ content, where }: ConfigFile): string | undefined {
  const [key, value] = Object.entries(content).find(([each]) => plainKey(each) === 'environment') ?? []
  if (key === undefined || value === null || value === undefined) return undefined
  return READERS.environment(value, `${where([key])}: environment`)
}

/** Reads the content of a file, all its sections too. Throws UsageError with the line and the nearest right name. */
export function fileLayers(file: ConfigFile, environment: string): FileLayers {
  const notes: Note[] = []
  const sections = sectionsOf(file)
  const read = sections.map(({ name, path, content }) => ({ name, values: readSection(file, path, content, notes) }))
  const main = readSection(file, [], without(file.content, sections), notes)
  const chosen = read.filter(({ name }) => name === environment)
  return {
    layers: [
      ...chosen.map(({ values }) => ({ values, from: () => `${file.name} (${environment})` })),
      { values: main, from: () => file.name },
    ],
    notes,
  }
}

interface Section {
  readonly name: string
  readonly path: Path
  readonly content: Content
}

/** Environments: below `environments`, or beside the settings, as in Sidekiq's file. */
function sectionsOf({ content, where }: ConfigFile): Section[] {
  return Object.entries(content).flatMap(([key, value]) => {
    const name = plainKey(key)
    if (name === 'environments' && isRecord(value)) {
      return Object.entries(value).map(([each, inner]) => section(each, [key, each], inner, where))
    }
    return isEnvironment(name, value) ? [section(key.replace(/^:/, ''), [key], value, where)] : []
  })
}

function section(name: string, path: Path, content: unknown, where: ConfigFile['where']): Section {
  if (content !== null && !isRecord(content)) throw new UsageError(`${where(path)}: ${name} must have settings by name`)
  return { name, path, content: content ?? {} }
}

/** An unknown name with nothing but settings in it is an environment, unless it is nearly one that everybody knows. */
function isEnvironment(name: string, value: unknown): boolean {
  if (ENVIRONMENTS.includes(name)) return true
  if (name in KEYS || name === 'redis' || name in UNUSED || !isRecord(value) || nearest(name, ENVIRONMENTS))
    return false
  const inner = Object.keys(value).map(plainKey)
  return inner.length > 0 && inner.every((key) => key in KEYS || key in UNUSED || key === 'redis')
}

function without(content: Content, sections: readonly Section[]): Content {
  const taken = new Set(['environments', ...sections.map(({ path: [key] }) => key)])
  return Object.fromEntries(Object.entries(content).filter(([key]) => !taken.has(key)))
}

function readSection(file: ConfigFile, path: Path, content: Content, notes: Note[]): Partial<Settings> {
  const redis = Object.entries(content).find(([key]) => plainKey(key) === 'redis')
  const rest = Object.fromEntries(Object.entries(content).filter((entry) => entry[0] !== redis?.[0]))
  const names = [...Object.keys(KEYS), 'redis', 'environments']
  const values = readKeys(file, path, rest, { keys: KEYS, unused: UNUSED, names }, notes)
  if (!redis) return values
  const [key, inner] = redis
  const where = [...path, key]
  const known = { keys: REDIS_KEYS, unused: UNUSED_REDIS, names: Object.keys(REDIS_KEYS) }
  if (isRecord(inner)) return { ...values, ...readKeys(file, where, inner, known, notes) }
  return { ...values, redisUrl: READERS.redisUrl(inner, `${file.where(where)}: redis`) }
}

interface Known {
  readonly keys: Readonly<Record<string, keyof Settings>>
  readonly unused: Readonly<Record<string, string>>
  readonly names: readonly string[]
}

function readKeys(file: ConfigFile, path: Path, content: Content, known: Known, notes: Note[]): Partial<Settings> {
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(content)) {
    const name = plainKey(key)
    const where = `${file.where([...path, key])}: ${key.replace(/^:/, '')}`
    const setting = Object.hasOwn(known.keys, name) ? known.keys[name] : undefined
    const isRuby = setting === 'require' && isRubys(value)
    const why = isRuby ? RUBY : Object.hasOwn(known.unused, name) ? known.unused[name] : undefined
    if (why !== undefined) notes.push({ key: key.replace(/^:/, ''), text: `${where} has no use here: ${why}` })
    else if (!setting) throw unknown(where, name, known.names)
    else if (value !== null && value !== undefined) values[setting] = READERS[setting](value, where)
  }
  if (typeof values.require === 'string') values.require = resolve(dirname(file.path), values.require)
  return values
}

const RUBY = 'it leads to Ruby code; say -r FILE'

/** Sidekiq requires a Rails app, by its folder, or a file of Ruby. */
function isRubys(value: unknown): boolean {
  return typeof value === 'string' && ['', '.rb', '.ru'].includes(extname(value.replace(/^\.+\/?/, '')))
}

function unknown(where: string, name: string, names: readonly string[]): UsageError {
  const near = nearest(name, names)
  return new UsageError(`${where} is no setting; ${near ? `did you mean "${near}"?` : `there are ${names.join(', ')}`}`)
}
