import { COMMON, type Command, type Option } from './command.ts'
import type { Paint } from './output/terminal.ts'

/** Of the narrowest terminal that anybody has. */
const COLUMNS = 80

/** What `quayside --help` shows. */
export function overview(commands: readonly Command[], paint: Paint): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Background jobs: performs them, shows them, manages them.',
    '',
    `${paint('bold', 'Usage:')} quayside [command] [options]      (quayside alone is quayside work)`,
    '',
    ...commands.map(({ name, summary }) => `  ${paint('cyan', name.padEnd(width))}  ${summary}`),
    '',
    'quayside help COMMAND shows more of each, quayside --version the version.',
  ].join('\n')
}

/** What `quayside help COMMAND` shows. */
export function helpOf({ usage, summary, options, notes = [], examples }: Command, paint: Paint): string {
  const rows = Object.entries({ ...options, ...COMMON }).map(([name, option]) => [left(name, option), right(option)])
  const shown = examples.map(([line, what]) => [`quayside ${line}`, what])
  return [
    `${summary}.`,
    '',
    `${paint('bold', 'Usage:')} quayside ${usage} [options]`,
    '',
    ...columns(rows),
    ...notes.flatMap((note) => ['', ...wrapped(note)]),
    '',
    paint('bold', 'Examples:'),
    ...columns(shown),
  ].join('\n')
}

function left(name: string, { short, value }: Option): string {
  return `${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`
}

function right({ help, env }: Option): string {
  return `${help}${env ? ` [${env}]` : ''}`
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first = '']) => first.length))
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`)
}

/** A paragraph as lines that fit a terminal. */
function wrapped(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string
    if (line.length + 1 + word.length > COLUMNS) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
