import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../scripts/ready/program.mjs'
import { until } from '../redis/until.ts'

export const MAIN = join(root, 'dist/src/cli/main.js')

export interface Place {
  readonly cwd?: string
  /** Beside PATH and HOME: the tests' own environment does not get in. */
  readonly env?: Readonly<Record<string, string>>
}

/** The built command in a process of its own. It ends with the test process at the latest. */
export class QuaysideProcess {
  stdout = ''
  stderr = ''
  /** Of `ended`: an exit code, or the signal that ended it. */
  exit: number | NodeJS.Signals | undefined
  readonly #child: ChildProcess

  constructor(args: readonly string[], { cwd = root, env = {} }: Place = {}) {
    const { PATH, HOME } = process.env
    this.#child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { PATH, HOME, ...env } })
    const kill = () => this.#child.kill('SIGKILL')
    process.once('exit', kill)
    this.#child.once('close', (code, signal) => {
      process.off('exit', kill)
      this.exit = code ?? signal ?? undefined
    })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
  }

  get pid(): number {
    return this.#child.pid as number
  }

  get output(): string {
    return this.stdout + this.stderr
  }

  /** Resolves when it has printed this; rejects when it ends before, or is silent for too long. */
  async says(words: string | RegExp): Promise<void> {
    const isSaid = () => (typeof words === 'string' ? this.output.includes(words) : words.test(this.output))
    await until(`the output has ${words}`, () => isSaid() || this.exit !== undefined, 15_000).catch((error) => {
      throw new Error(`${error.message}:\n${this.output}`)
    })
    if (!isSaid()) throw new Error(`ended with ${this.exit} before it said ${words}:\n${this.output}`)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Resolves to how it ended. */
  async ended(ms = 15_000): Promise<number | NodeJS.Signals> {
    await until('quayside ends', () => this.exit !== undefined, ms).catch((error) => {
      throw new Error(`${error.message}:\n${this.output}`)
    })
    return this.exit as number | NodeJS.Signals
  }

  /** Ends it, whatever it does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended()
  }
}

/** Runs a command to its end. */
export async function quayside(args: readonly string[], place?: Place): Promise<QuaysideProcess> {
  const running = new QuaysideProcess(args, place)
  await running.ended()
  return running
}
