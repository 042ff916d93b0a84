/** How `quayside` ends. Whatever a signal ends has 128 and its number, as in a shell. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const

/** What a command could not do: one line that says what is wrong and what to do, and an exit code of 1. */
export class Failure extends Error {
  override name = 'Failure'
  readonly exitCode: number = EXIT.failed
}

/** A command line, or a configuration, that cannot be right: an exit code of 2. */
export class UsageError extends Failure {
  override name = 'UsageError'
  override readonly exitCode: number = EXIT.usage
}
