import { constants } from 'node:os'

/** Why the program ends early: a Ctrl-C, or a SIGTERM. */
export class Interruption extends Error {
  override name = 'Interruption'
  /** What a shell expects of a program that a signal ended: 130 for Ctrl-C. */
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal === 'SIGINT' ? 'Ctrl-C' : signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/** What comes within this time is the same key press: npm passes on a Ctrl-C that the terminal has sent us as well. */
const SAME_PRESS_MS = 300

/** Aborts with an Interruption at the first Ctrl-C or SIGTERM. The next one ends the program at once. */
export function interruptible(): AbortSignal {
  const controller = new AbortController()
  const interrupt = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) return
    controller.abort(new Interruption(signal))
    // Without a listener Node does what it always does.
    setTimeout(() => process.off('SIGINT', interrupt).off('SIGTERM', interrupt), SAME_PRESS_MS).unref()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return controller.signal
}
