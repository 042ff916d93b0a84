import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { Failure, root } from './program.mjs'

/**
 * Runs a command, an npm-installed one by its bare name, and shows nothing unless it fails: then everything.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<void>}
 */
export async function quietly(command, args, { cwd = root, env = {} } = {}) {
  const { code, output } = await capture(command, args, { cwd, env })
  if (code !== 0) throw new Failure(`${output.trimEnd()}\n\n${[command, ...args].join(' ')} failed (${code})`)
}

/**
 * Runs a command and answers with all that it printed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number | string | null, output: string }>}
 */
export function capture(command, args, { cwd = root, env = {} } = {}) {
  const PATH = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  // Whoever stops us stops the command, and we outlive it: a lock that we hold for it stands as long as it works.
  /** @type {NodeJS.Signals | undefined} */
  let stopped
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    stopped = signal
    child.kill(signal)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return new Promise((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      if (stopped) reject(new Failure(`Stopped by ${stopped}`))
      else resolve({ code: code ?? signal, output })
    })
  })
}
