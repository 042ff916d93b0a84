import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { basename, extname, join, relative, sep } from 'node:path'

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
      if (name !== null) look(join(folder, name))
    })
    watcher.on('error', () => drop(folder))
    watchers.set(folder, watcher)
    for (const name of foldersIn(folder)) add(join(folder, name))
  }

  function look(path: string): void {
    changed(path)
    if (!existsSync(path)) drop(path)
    else if (isFolder(path) && !watchers.has(path)) {
      add(path)
      // What came with it may have been there before its watcher.
      for (const name of namesIn(path)) look(join(path, name))
    }
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
  return namesIn(folder).filter((name) => isFolder(join(folder, name)))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // it went while it was looked at
  }
}

function isFolder(path: string): boolean {
  const name = basename(path)
  if (name === 'node_modules' || name.startsWith('.')) return false
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
