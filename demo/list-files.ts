import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface ListedFile {
  readonly path: string
  /** The nearest folder above with a package.json; undefined when there is none from the root on. */
  readonly packageFolder: string | undefined
}

export interface Listing {
  readonly files: readonly ListedFile[]
  /** Folders that may not be read. */
  readonly closedFolders: readonly string[]
}

const MANIFEST = /^package\.json$/
const README = /^readme(\.([\w-]+\.)*(md|mdx|markdown|rst|txt))?$/i

/** Every README and package.json in these folders and below them. Links to folders are not followed. */
export async function listFiles(roots: readonly string[], signal: AbortSignal): Promise<Listing> {
  const files: ListedFile[] = []
  const closedFolders: string[] = []
  const folders: ListedFile[] = roots.map((path) => ({ path, packageFolder: undefined }))
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    signal.throwIfAborted()
    const { path } = folder
    const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined)
    if (!entries) closedFolders.push(path)
    const packageFolder = entries?.some((entry) => isFile(entry, MANIFEST)) ? path : folder.packageFolder
    for (const entry of entries ?? []) {
      const inside = { path: join(path, entry.name), packageFolder }
      if (entry.isDirectory() && entry.name !== '.git') folders.push(inside)
      if (isFile(entry, MANIFEST) || isFile(entry, README)) files.push(inside)
    }
  }
  return { files, closedFolders }
}

/** Whatever is not a folder counts: what a link leads to is seen when it is read. */
const isFile = (entry: Dirent, name: RegExp): boolean => !entry.isDirectory() && name.test(entry.name)
