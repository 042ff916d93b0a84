import { nearest } from '../options.ts'
import { parseArguments } from './arguments.ts'
import type { Command, Invocation } from './command.ts'
import { EXIT, Failure, UsageError } from './failure.ts'
import { helpOf, overview } from './help.ts'
import type { Terminal } from './output/terminal.ts'
import { version } from './version.ts'

export interface Surroundings {
  readonly commands: readonly Command[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly terminal: Terminal
}

/** Runs a command line, without the program's own name. Answers the exit code; never throws. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await dispatch(args, around)
  } catch (thrown) {
    return tell(thrown, args.includes('-v') || args.includes('--verbose'), around.terminal)
  }
}

async function dispatch(args: readonly string[], { commands, ...around }: Surroundings): Promise<number> {
  const { terminal } = around
  const [first = 'work', ...rest] = args
  if (first === '-h' || first === '--help' || first === 'help') {
    const [about] = rest
    const { paint } = terminal
    terminal.print(about ? helpOf(commandNamed(about, commands), paint) : overview(commands, paint))
    return EXIT.done
  }
  if (first === '-V' || first === '--version') {
    terminal.print(version())
    return EXIT.done
  }
  // `quayside -r jobs.js` is `quayside work -r jobs.js`, as with Sidekiq.
  const [name, after] = first.startsWith('-') ? ['work', args] : [first, rest]
  const command = commandNamed(name, commands)
  const { options, operands } = parseArguments(command, after)
  if (options.help) {
    terminal.print(helpOf(command, terminal.paint))
    return EXIT.done
  }
  return command.run({ options, operands, ...around } as Invocation)
}

/** Throws UsageError with the nearest right name. */
function commandNamed(name: string, commands: readonly Command[]): Command {
  const names = commands.map((command) => command.name)
  const found = commands.find((command) => command.name === name)
  if (found) return found
  const near = nearest(name, names)
  const hint = near ? `did you mean ${near}?` : `there are ${names.join(', ')}`
  throw new UsageError(`quayside has no command ${JSON.stringify(name)}; ${hint}`)
}

/** One line for an error; its stack for those who ask. */
function tell(thrown: unknown, isVerbose: boolean, { warn, paint }: Terminal): number {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  warn(`${paint('red', 'error:')} ${error.message}`)
  if (isVerbose) warn(stackOf(error))
  return error instanceof Failure ? error.exitCode : EXIT.failed
}

function stackOf(error: Error): string {
  const stack = error.stack ?? String(error)
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack
}
