import { openSync, writeSync } from 'node:fs'
import { inspect } from 'node:util'

// What both programs share: their orders, their notes in the ledger, and their log.

/**
 * The notes of one program. Each is in the file before the next step of the program: whatever kills it then, the note
 * stands.
 * @param {{ ledger: string, name: string }} orders
 */
export function noting({ ledger, name }) {
  const file = openSync(ledger, 'a')
  return (/** @type {string} */ what, /** @type {string} */ id, /** @type {object} */ more = {}) => {
    writeSync(file, `${JSON.stringify({ at: now(), who: name, what, id, ...more })}\n`)
  }
}

/** Milliseconds by a clock that all processes share, and that nobody sets. */
export const now = () => Number(process.hrtime.bigint()) / 1e6

/** Everything that the library says goes to standard output, with all that is in it. */
export const logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }

/** @param {string} level */
function say(level) {
  return (/** @type {unknown} */ fields, /** @type {string} */ message) => {
    console.log(level, message, inspect(fields, { depth: 20, breakLength: Number.POSITIVE_INFINITY }))
  }
}

/**
 * Ends the program when it is told to, or when whoever started it is gone.
 * @param {() => unknown} end
 */
export function onStop(end) {
  process.stdin.on('end', () => process.exit(1)).resume()
  process.once('SIGTERM', async () => {
    await end()
    // Nothing else may keep the process.
    process.stdin.destroy()
  })
}
