import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export const HELP = `Indexes every README and package.json below a folder, each by a background job.

Usage: npm start [-- [PATH] [--out FILE]]
       npm start -- web

  web         serves a page instead, whose browser keeps and performs jobs
  PATH        the folder; default: node_modules here, and a few odd files of ours that cannot be read
  --out FILE  where the index goes; default: quayside-index.json
  --help      this text

Ctrl-C stops: jobs that run may finish, and what is indexed by then is written.
`

/** A command line that cannot be right. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export interface Options {
  readonly roots: readonly string[]
  /** True when no folder was named: then the odd files are among them. */
  readonly isDefault: boolean
  readonly out: string
  readonly help: boolean
}

/** Reads the command line. Throws UsageError. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  const [path, ...more] = positionals
  if (values.help) return { roots: [], isDefault: true, out: '', help: true }
  if (more.length > 0) throw new UsageError(`One folder at a time; got ${positionals.join(' ')}`)
  const roots = path === undefined ? ['node_modules', oddFiles()] : [path]
  for (const root of roots) checkFolder(root)
  checkFolder(dirname(values.out), constants.W_OK)
  if (isFolder(values.out)) throw new UsageError(`--out is a folder: ${values.out}`)
  return { roots, isDefault: path === undefined, out: values.out, help: false }
}

/** Typed by what `parseArgs` makes of its options, which name no type of their own. */
function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string', default: 'quayside-index.json' }, help: { type: 'boolean', default: false } },
    })
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0], { cause: error })
  }
}

function checkFolder(path: string, mode = constants.R_OK): void {
  if (!existsSync(path)) throw new UsageError(`No such folder: ${path}`)
  if (!isFolder(path)) throw new UsageError(`Not a folder: ${path}`)
  try {
    accessSync(path, mode)
  } catch (cause) {
    throw new UsageError(`Not allowed: ${path}`, { cause })
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** A few files beside this program that really fail. */
const oddFiles = (): string => relative('', fileURLToPath(new URL('odd-files', import.meta.url)))
