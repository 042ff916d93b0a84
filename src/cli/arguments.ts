import { parseArgs } from 'node:util'
import { nearest } from '../options.ts'
import { COMMON, type Command, type Options } from './command.ts'
import { UsageError } from './failure.ts'

export interface Arguments {
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  readonly operands: readonly string[]
}

/** Reads what follows the name of a command. Throws UsageError with the nearest right name, and where help is. */
export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const known: Options = { ...COMMON, ...command.options }
  // Not strict: parseArgs' own messages know no nearest name.
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: plain(known),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) if (token.kind === 'option') checkOption(command, known, token)
  if (!values.help) checkOperands(command, positionals)
  return { options: values as Arguments['options'], operands: positionals }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function checkOption(command: Command, known: Options, { name, rawName, value, inlineValue }: OptionToken): void {
  const option = Object.hasOwn(known, name) ? known[name] : undefined
  const refuse = (why: string) => new UsageError(`${why} (quayside help ${command.name})`)
  if (!option) {
    const near = nearest(name, Object.keys(known))
    const hint = near && name.length > 1 ? `; did you mean --${near}?` : ''
    throw refuse(`quayside ${command.name} has no option ${rawName}${hint}`)
  }
  if (option.type === 'boolean' && value !== undefined) throw refuse(`${rawName} takes no value`)
  if (option.type === 'string') {
    const kind = option.value ?? 'a value'
    if (value === undefined || value === '') throw refuse(`${rawName} needs ${kind}`)
    // `-q -c 5` forgot the queue; whoever means it writes --queue=-c.
    if (!inlineValue && value.startsWith('-'))
      throw refuse(`${rawName} needs ${kind}, and ${value} looks like an option`)
  }
}

function checkOperands({ name, operands: [least, most] = [0, 0], usage }: Command, given: readonly string[]): void {
  if (given.length > most)
    throw new UsageError(`quayside ${name}: ${given[most]} is too much; usage: quayside ${usage}`)
  if (given.length < least) throw new UsageError(`quayside ${name} needs more; usage: quayside ${usage}`)
}

/** Help texts are not for parseArgs. */
function plain(options: Options): Record<string, { type: 'string' | 'boolean'; short?: string; multiple?: boolean }> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => {
      return [name, { type, ...(short && { short }), ...(multiple && { multiple }) }]
    }),
  )
}
