import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** What went wrong, in words for the person at the terminal: shown without a stack. */
export class Failure extends Error {}

/**
 * The whole of a small program: runs it, and ends with a plain message when something failed.
 * @param {() => Promise<void>} run
 */
export async function program(run) {
  try {
    await run()
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error)
    process.exitCode = 1
  }
}

/**
 * Whether a file was started as the program, rather than imported.
 * @param {string} url its import.meta.url
 */
export function isProgram(url) {
  const [, started] = process.argv
  return started !== undefined && existsSync(started) && realpathSync(started) === fileURLToPath(url)
}
