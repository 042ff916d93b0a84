import type { FileFacts } from './facts.ts'
import type { ListedFile } from './list-files.ts'
import {
  byPath,
  entriesOf,
  type FailedEntry,
  type FileEntry,
  type IndexedFile,
  type PackageEntry,
} from './package-entry.ts'

/** The index as it is written. The same files give the same index, byte for byte. */
export interface Index {
  /** False when the run was stopped before its end. */
  readonly complete: boolean
  readonly totals: Totals
  readonly packages: readonly PackageEntry[]
  /** What belongs to no package. */
  readonly others: { readonly files: readonly FileEntry[]; readonly failed: readonly FailedEntry[] }
}

interface Totals {
  readonly packages: number
  readonly files: number
  readonly failed: number
  readonly words: number
  readonly headings: number
  readonly links: number
  /** Packages by licence, the most frequent first. */
  readonly licences: Readonly<Record<string, number>>
}

/** The files of one package, or (`folder` undefined) those that belong to none. */
interface Group {
  readonly folder: string | undefined
  readonly paths: Set<string>
  readonly unfinished: Set<string>
}

/**
 * What the jobs have found out so far. In a service this would be the database; and as there, writing a thing twice does
 * no harm, because a job may run twice.
 */
export class IndexStore {
  readonly #groups = new Map<string | undefined, Group>()
  readonly #groupOf = new Map<string, Group>()
  readonly #files = new Map<string, IndexedFile>()
  readonly #packages = new Map<string, PackageEntry>()
  #summary: Index | undefined

  /** Says which files there are, before the first of them is indexed. */
  expect(files: readonly ListedFile[]): void {
    for (const { path, packageFolder } of files) {
      const group = this.#group(packageFolder)
      group.paths.add(path)
      group.unfinished.add(path)
      this.#groupOf.set(path, group)
    }
  }

  /** Keeps a file. Answers the folder of its package if that was the last of its files. */
  keepFile(path: string, facts: FileFacts): string | undefined {
    return this.#keep({ path, facts })
  }

  /** Keeps why a file could not be read. Answers as `keepFile`. */
  keepFailure(path: string, failure: string): string | undefined {
    return this.#keep({ path, failure })
  }

  filesOf(folder: string | undefined): IndexedFile[] {
    const files = [...this.#group(folder).paths].map((path) => this.#files.get(path))
    return files.filter((file) => file !== undefined)
  }

  keepPackage(entry: PackageEntry): void {
    this.#packages.set(entry.path, entry)
  }

  /** Sums up and closes the index. */
  summarise(): void {
    this.#summary = this.#build(true)
  }

  /** The index once it is summed up; undefined before. */
  get summary(): Index | undefined {
    return this.#summary
  }

  /** What there is of the index so far: packages that are whole. */
  get partial(): Index {
    return this.#build(false)
  }

  #keep(file: IndexedFile): string | undefined {
    this.#files.set(file.path, file)
    const group = this.#groupOf.get(file.path)
    group?.unfinished.delete(file.path)
    return group?.unfinished.size === 0 ? group.folder : undefined
  }

  #group(folder: string | undefined): Group {
    const group = this.#groups.get(folder) ?? { folder, paths: new Set(), unfinished: new Set() }
    this.#groups.set(folder, group)
    return group
  }

  #build(complete: boolean): Index {
    const packages = [...this.#packages.values()].sort(byPath)
    const others = entriesOf(this.filesOf(undefined))
    return { complete, totals: totalsOf(packages, others), packages, others }
  }
}

function totalsOf(packages: readonly PackageEntry[], others: Index['others']): Totals {
  const files = [...packages, others].flatMap((group) => group.files)
  const sum = (count: (file: FileEntry) => number): number => files.reduce((total, file) => total + count(file), 0)
  return {
    packages: packages.length,
    files: files.length,
    failed: [...packages, others].reduce((total, group) => total + group.failed.length, 0),
    words: sum(({ words }) => words),
    headings: sum(({ headings }) => headings.length),
    links: sum(({ links }) => links.length),
    licences: frequencies(packages.map(({ licence }) => licence ?? 'none stated')),
  }
}

function frequencies(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)))
}
