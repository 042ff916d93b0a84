import { existsSync, readFileSync } from 'node:fs'
import { extname, join, relative, resolve } from 'node:path'
import { isRecord } from '../../options.ts'
import { importFile } from '../app/load-app.ts'
import { UsageError } from '../failure.ts'
import { fillTags } from './erb.ts'
import { parseYaml } from './yaml.ts'

/** Where a configuration is looked for when no option names one: the first that is there. */
const NAMES: readonly string[] = [
  ...['ts', 'mts', 'js', 'mjs', 'json', 'yml', 'yaml'].map((ending) => `quayside.config.${ending}`),
  'quayside.yml',
  'config/quayside.yml',
  'config/sidekiq.yml',
]

export interface ConfigFile {
  /** As a person would call it: from the current folder. */
  readonly name: string
  readonly path: string
  readonly content: Readonly<Record<string, unknown>>
  /** The file and the line of a key, by the keys that lead to it. */
  where(path: readonly string[]): string
}

/** The path of the file to read: the one named, else the first of the usual ones; undefined when there is none. */
export function findFile(named: string | undefined, cwd: string): string | undefined {
  if (named === undefined) return NAMES.map((name) => join(cwd, name)).find((path) => existsSync(path))
  const path = resolve(cwd, named)
  if (!existsSync(path)) throw new UsageError(`there is no configuration file ${named}`)
  return path
}

/** Reads a configuration in any of its forms. Throws UsageError, or Failure when it is a module that fails. */
export async function readFile(
  path: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConfigFile> {
  const near = relative(cwd, path)
  const name = near.startsWith('..') ? path : near
  const isModule = ['.ts', '.mts', '.js', '.mjs'].includes(extname(path))
  const text = readFileSync(path, 'utf8')
  const { content, lineOf } = isModule
    ? { content: await defaultOf(path, name), lineOf: (keys: readonly string[]) => lineIn(text, keys) }
    : await parseYaml(extname(path) === '.json' ? text : fillTags(text, env, name), name)
  return { name, path, content, where: (keys) => [name, lineOf(keys)].filter((part) => part !== undefined).join(':') }
}

async function defaultOf(path: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  const { default: content } = await importFile(path)
  if (isRecord(content)) return content
  throw new UsageError(`${name} must export its settings by default: export default defineConfig({ ... })`)
}

/** A module is not parsed: its last key has a line if it stands there once. */
function lineIn(text: string, path: readonly string[]): number | undefined {
  const key = path.at(-1)
  if (key === undefined) return undefined
  const lines = text.split('\n').flatMap((line, index) => {
    return new RegExp(`(^|[\\s{,])['"]?${key.replace(/\W/g, '\\$&')}['"]?\\s*:`).test(line) ? [index + 1] : []
  })
  return lines.length === 1 ? lines[0] : undefined
}
