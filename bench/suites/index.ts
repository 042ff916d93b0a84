import type { Suite } from '../suite.ts'
import { browser } from './browser.ts'
import { memory } from './memory.ts'
import { redis } from './redis.ts'

/** What `npm run bench -- <name>` can run. A suite for another storage is a file beside `memory.ts` and a line here. */
export const suites: Readonly<Record<string, Suite>> = { memory, redis, browser }
