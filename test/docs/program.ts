import { spawn } from 'node:child_process'
import { dirname } from 'node:path'

export interface Ending {
  /** What it printed, with the lines that are as they should be written as they were expected. */
  printed: string
  errors: string
  /** Its exit code; or `finished`, when it had printed what was expected and would go on; or `stuck`. */
  code: number | null | 'finished' | 'stuck'
}

const patienceMs = 25_000
/** After the last expected line: for what should not have been printed, and for an exit code. */
const lastWordsMs = 200

/**
 * Runs a program to its end, or until it has printed what is expected of it: a worker works until it is told to stop.
 * `…` in a line of what is expected stands for anything.
 */
export function runProgram(file: string, expected?: string): Promise<Ending> {
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    cwd: dirname(file),
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let errors = ''
  let verdict: Ending['code'] | undefined
  const end = (as: 'finished' | 'stuck') => {
    verdict = as
    child.kill('SIGKILL')
  }
  const patience = setTimeout(() => end('stuck'), patienceMs)
  let lastWords: NodeJS.Timeout | undefined

  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text
    clearTimeout(lastWords)
    if (expected !== undefined && asExpected(printed, expected) === expected.trimEnd()) {
      lastWords = setTimeout(() => end('finished'), lastWordsMs)
    }
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(patience)
      clearTimeout(lastWords)
      resolve({ printed: asExpected(printed, expected ?? ''), errors, code: verdict ?? code })
    })
  })
}

function asExpected(printed: string, expected: string): string {
  const wanted = expected.split('\n')
  const lines = printed.trimEnd().split('\n')
  return lines.map((line, index) => (matches(line, wanted[index]) ? wanted[index] : line)).join('\n')
}

function matches(line: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return false
  const parts = wanted.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(line)
}
