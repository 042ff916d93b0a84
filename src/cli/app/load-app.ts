import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Quayside } from '../../quayside.ts'
import { Failure, UsageError } from '../failure.ts'

/** Imports a job file and answers the app that it exports, as its default or as `app`. Throws Failure. */
export async function loadApp(path: string): Promise<Quayside> {
  const { default: main, app } = await importFile(path)
  const found = [main, app].find(isApp)
  if (found) return found
  throw new Failure(`${path} exports no app: write \`export const app = new Quayside(...)\`, or export it by default`)
}

/** Imports a file of the user's. Throws Failure when it is not there, or fails. */
export async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`)
  try {
    return await import(/* @vite-ignore */ pathToFileURL(path).href)
  } catch (thrown) {
    throw new Failure(whyNotLoaded(path, thrown), { cause: thrown })
  }
}

/** What Node says of TypeScript that it cannot load: an unknown extension, or syntax that is more than types. */
const NOT_LOADABLE = new Set([
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
])

/** Why an import failed, and what to do. */
function whyNotLoaded(path: string, thrown: unknown): string {
  const { code, message }: NodeJS.ErrnoException = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (code !== undefined && NOT_LOADABLE.has(code) && /\.[cm]?tsx?\b/.test(`${path} ${message}`)) {
    const ways = "use Node 22.18 or newer (or Bun, or Deno), or install tsx and set NODE_OPTIONS='--import tsx'"
    return `${path} is TypeScript, which Node ${process.versions.node} cannot load: ${ways}`
  }
  return `${path} could not be loaded: ${message} (-v shows where)`
}

/** By its shape: the app may be of another copy of this package. */
function isApp(value: unknown): value is Quayside {
  const like = value as Partial<Record<keyof Quayside, unknown>> | null | undefined
  return typeof like === 'object' && typeof like?.work === 'function' && typeof like.close === 'function'
}
