import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Gives a text a style, or leaves it as it is where nobody would see it. */
export type Paint = (style: Style, text: string) => string

/** Where a command's output goes. */
export interface Terminal {
  /** Prints a line, or several, on standard output: what was asked for. */
  print(text: string): void
  /** Prints a line on standard error: what is about the command itself. */
  warn(text: string): void
  /** Prints a value as JSON on one line. */
  json(value: unknown): void
  readonly paint: Paint
  /** True when a person is there to see it and to answer. */
  readonly isInteractive: boolean
  /** How many characters fit on a line. */
  readonly columns: number
}

/** The terminal of this process. Coloured only if standard output is a terminal and NO_COLOR is not set. */
export function processTerminal({ stdin, stdout, stderr, env }: NodeJS.Process = process): Terminal {
  const isColoured = stdout.isTTY === true && !env.NO_COLOR
  return {
    print: (text) => void stdout.write(`${text}\n`),
    warn: (text) => void stderr.write(`${text}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
    isInteractive: stdout.isTTY === true && stdin.isTTY === true,
    columns: stdout.columns || 80,
  }
}
