import type { Command } from './command.ts'
import { health } from './commands/health.ts'
import { work } from './commands/work.ts'

/** All words after `quayside` but help, in the order in which it lists them. */
export const COMMANDS: readonly Command[] = [work, health]
