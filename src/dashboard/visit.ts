import type { Clock } from '../clock.ts'
import type { Quayside } from '../quayside.ts'
import type { Visitor } from './access.ts'
import type { Bulks } from './bulk.ts'
import type { Cursors } from './cursors.ts'
import type { Locale } from './locale.ts'
import type { Caller } from './loopback.ts'
import type { Settings } from './settings.ts'
import type { Urls } from './urls.ts'

/** One request, as pages and actions see it. */
export interface Visit {
  readonly app: Quayside
  readonly clock: Clock
  readonly bulks: Bulks
  readonly cursors: Cursors
  readonly settings: Settings
  readonly visitor: Visitor
  readonly caller: Caller
  readonly urls: Urls
  readonly locale: Locale
  readonly theme: Theme
  /** The path below the base, and its parameters: where it goes on after a change of language, say. */
  readonly here: { readonly path: string; readonly parameters: URLSearchParams }
}

/** 'auto' is what the reader's system says. */
export type Theme = 'auto' | 'light' | 'dark'
