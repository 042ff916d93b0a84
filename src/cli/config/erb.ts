import { UsageError } from '../failure.ts'

type Env = Readonly<Record<string, string | undefined>>

const NAME = /(?:'(\w+)'|"(\w+)")/.source
const DEFAULT = /(?:'([^']*)'|"([^"]*)"|(\d+|true|false|nil))/.source
/** `ENV['A']`, `ENV['A'] || 5`, `ENV.fetch('A')`, `ENV.fetch('A', 5)`, `ENV.fetch('A') { 5 }`; `.to_i` may follow. */
const READS = [
  new RegExp(`^ENV\\[${NAME}\\](?:\\s*\\|\\|\\s*${DEFAULT})?$`),
  new RegExp(`^ENV\\.fetch\\(${NAME}(?:,\\s*${DEFAULT})?\\)$`),
  new RegExp(`^ENV\\.fetch\\(${NAME}\\)\\s*\\{\\s*${DEFAULT}\\s*\\}$`),
]

/**
 * Fills in the tags of a file that Ruby would run through ERB, where they only read the environment; comments are left
 * alone. Any other Ruby is a UsageError with its line.
 */
export function fillTags(text: string, env: Env, file: string): string {
  const lines = text.split('\n').map((line, index) => {
    if (/^\s*#/.test(line)) return line
    return line.replace(/<%(=|#|)(.*?)-?%>/g, (_, kind: string, ruby: string) => {
      return kind === '#' ? '' : evaluate(kind === '=' ? ruby.trim() : `${kind}${ruby}`, env, `${file}:${index + 1}`)
    })
  })
  const open = lines.findIndex((line) => line.includes('<%') && !/^\s*#/.test(line))
  if (open >= 0) throw refusal(`${file}:${open + 1}`)
  return lines.join('\n')
}

function evaluate(ruby: string, env: Env, where: string): string {
  const expression = ruby
    .replace(/\.to_[is]$/, '')
    .replace(/^\((.*)\)$/, '$1')
    .trim()
  const found = READS.map((pattern) => pattern.exec(expression)).find((match) => match !== null)
  if (!found) throw refusal(where)
  const [, single, double, ...defaults] = found
  const name = (single ?? double) as string
  const value = env[name] ?? defaults.find((each) => each !== undefined)
  if (value === undefined && expression.startsWith('ENV.fetch')) {
    throw new UsageError(`${where}: the environment variable ${name} is not set, and the file has no default for it`)
  }
  return value === undefined || value === 'nil' ? '' : value
}

function refusal(where: string): UsageError {
  const can = "<%= ENV['NAME'] || 5 %> and <%= ENV.fetch('NAME', 5) %>"
  return new UsageError(`${where}: this tag is Ruby, and Quayside runs none; it understands ${can}`)
}
