import type { Terminal } from './output/terminal.ts'

/** One option of a command, as parseArgs takes it and as its help shows it. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** It may be given several times. */
  readonly multiple?: boolean
  /** What stands for its value in the help: `FILE`. */
  readonly value?: string
  readonly help: string
  /** The environment variable that says the same. */
  readonly env?: string
}

export type Options = Readonly<Record<string, Option>>

/** The values of options, by name: those that were not given are undefined. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends { type: 'boolean' }
    ? boolean | undefined
    : O[Name] extends { multiple: true }
      ? readonly string[] | undefined
      : string | undefined
}

/** What a command is called with. */
export interface Invocation<O extends Options = Options> {
  readonly options: Values<O & CommonOptions>
  /** What stands on the command line beside options. */
  readonly operands: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly terminal: Terminal
}

/** A word after `quayside`, and what it does. */
export interface Command<O extends Options = Options> {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What follows `quayside`: `jobs QUEUE|retries|scheduled|dead`. `[options]` is added. */
  readonly usage: string
  readonly options: O
  /** Paragraphs for its help, below the options. */
  readonly notes?: readonly string[]
  /** Command lines without `quayside`, and what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[]
  /** How many operands it takes, at least and at most. Default: none. */
  readonly operands?: readonly [least: number, most: number]
  /** Answers the exit code (EXIT in failure.ts). Throws Failure or UsageError for what should be one line. */
  run(invocation: Invocation<O>): Promise<number>
}

/** What every command takes. */
export const COMMON = {
  json: { type: 'boolean', help: 'print JSON, for programs' },
  verbose: { type: 'boolean', short: 'v', help: 'say more; errors with their stacks' },
  help: { type: 'boolean', short: 'h', help: 'show this' },
} as const

type CommonOptions = typeof COMMON

/** A command whose options have types. */
export function command<const O extends Options>(spec: Command<O>): Command {
  // A command only ever gets the values of its own options: `run.ts` parses them by this very table.
  return spec as unknown as Command
}
