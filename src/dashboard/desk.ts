import type { Context } from '../context.ts'
import type { Quayside } from '../quayside.ts'
import type { Bulks } from './bulk.ts'
import type { Cursors } from './cursors.ts'
import type { Settings } from './settings.ts'

/** What one dashboard has, whoever asks. */
export interface Desk {
  readonly app: Quayside
  readonly context: Context
  readonly settings: Settings
  readonly bulks: Bulks
  readonly cursors: Cursors
}
