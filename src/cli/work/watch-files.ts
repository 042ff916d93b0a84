import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

/** What a program is made of. Not .json: jobs write such files, and each would start everything again. */
const ENDINGS = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.jsx', '.yml', '.yaml'])

/** Editors write a file in several steps, and several files at once. */
const CALM_MS = 100

/**
 * Calls `onChange` with the first file that changed, once things have calmed down. Folders of packages and those that
 * begin with a dot are left out: one recursive watch would look at all of node_modules.
 */
export function watchFiles(root: string, onChange: (file: string) => void): { close(): void } {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  let first: string | undefined

  function changed(path: string): void {
    if (!ENDINGS.has(extname(path))) return
    first ??= relative(root, path)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const file = first as string
      first = undefined
      onChange(file)
    }, CALM_MS)
  }

  function add(folder: string): void {
    if (watchers.has(folder)) return
    const watcher = watch(folder, (_, name) => {
      if (name === null) return
      const path = join(folder, name)
      changed(path)
      // It may be a folder that is new, or gone.
      if (existsSync(path)) addBelow(folder)
      else drop(path)
    })
    watcher.on('error', () => drop(folder))
    watchers.set(folder, watcher)
    addBelow(folder)
  }

  function addBelow(folder: string): void {
    for (const name of foldersIn(folder)) add(join(folder, name))
  }

  function drop(gone: string): void {
    for (const [folder, watcher] of watchers) {
      if (folder !== gone && !folder.startsWith(gone + sep)) continue
      watcher.close()
      watchers.delete(folder)
    }
  }

  add(root)
  return {
    close() {
      clearTimeout(timer)
      drop(root)
    },
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map(({ name }) => name)
  } catch {
    return [] // it went while it was looked at
  }
}
