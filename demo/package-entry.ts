import { basename, dirname } from 'node:path'
import type { FileFacts, Heading } from './facts.ts'

/** A file that was indexed, or why it was not. */
export type IndexedFile = { readonly path: string } & ({ readonly facts: FileFacts } | { readonly failure: string })

/** A folder with a package.json, and all that was read below it. */
export interface PackageEntry {
  readonly path: string
  readonly name: string | null
  readonly version: string | null
  readonly licence: string | null
  readonly words: number
  readonly files: readonly FileEntry[]
  readonly failed: readonly FailedEntry[]
}

export interface FileEntry {
  readonly path: string
  readonly words: number
  readonly headings: readonly Heading[]
  readonly links: readonly string[]
}

export interface FailedEntry {
  readonly path: string
  readonly reason: string
}

/** The entry of a package. Its own package.json has the first word, then its README; later files fill what is left open. */
export function packageEntry(folder: string, indexed: readonly IndexedFile[]): PackageEntry {
  const { files, failed } = entriesOf(indexed)
  const facts = indexed
    .filter((file) => 'facts' in file)
    .filter(({ path }) => dirname(path) === folder)
    .sort((a, b) => Number(isManifest(b.path)) - Number(isManifest(a.path)))
    .map((file) => file.facts)
  return {
    path: folder,
    name: facts[0]?.manifest?.name ?? null,
    version: facts[0]?.manifest?.version ?? null,
    licence: facts.find(({ licence }) => licence !== null)?.licence ?? null,
    words: files.reduce((sum, { words }) => sum + words, 0),
    files,
    failed,
  }
}

/** Files as the index shows them, by path. */
export function entriesOf(indexed: readonly IndexedFile[]): { files: FileEntry[]; failed: FailedEntry[] } {
  const files: FileEntry[] = []
  const failed: FailedEntry[] = []
  for (const file of [...indexed].sort(byPath)) {
    if ('failure' in file) failed.push({ path: file.path, reason: file.failure })
    else
      files.push({ path: file.path, words: file.facts.words, headings: file.facts.headings, links: file.facts.links })
  }
  return { files, failed }
}

/** The same order on every machine, whatever its language. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : Number(a.path > b.path)
}

const isManifest = (path: string): boolean => basename(path) === 'package.json'
