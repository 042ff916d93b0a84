import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A Ruby process over a Redis. Its standard input stays open: it ends when nobody holds that any more. */
export class RubyProcess {
  readonly #child: ChildProcessWithoutNullStreams
  #log = ''

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(command, args, { cwd: join(import.meta.dirname, 'ruby'), env: { ...process.env, ...env } })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text
    })
    this.#child.stdin.on('error', () => {}) // it ended: whoever waits for it hears that from its exit
    const kill = () => this.kill()
    process.once('exit', kill)
    this.#child.once('exit', () => process.off('exit', kill))
  }

  get stdin(): ChildProcessWithoutNullStreams['stdin'] {
    return this.#child.stdin
  }

  get stdout(): ChildProcessWithoutNullStreams['stdout'] {
    return this.#child.stdout
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it said on its standard error. */
  get log(): string {
    return this.#log
  }

  /** Calls `onEnd` when it has ended, at once if it has. */
  ended(onEnd: (how: string) => void): void {
    this.#child.once('error', (error) => onEnd(error.message))
    this.#child.once('exit', (code, signal) => onEnd(`it ended with ${code ?? signal}`))
  }

  /** Sends a signal, and resolves when the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
}
