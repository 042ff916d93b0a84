import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program that was started for the tests, and ends with them, as do all the processes that it started itself. */
export class Child {
  readonly process: ChildProcess

  private constructor(child: ChildProcess) {
    this.process = child
    process.on('exit', this.#kill)
  }

  /** Resolves when it runs, rejects when it cannot. */
  static async start(
    program = '',
    args: readonly string[] = [],
    { env, ...options }: SpawnOptions = {},
  ): Promise<Child> {
    // A group of its own, which can be ended as a whole: a browser is many processes.
    const child = spawn(program, args, {
      stdio: 'ignore',
      ...options,
      env: { ...process.env, ...env },
      detached: true,
    })
    await once(child, 'spawn')
    return new Child(child)
  }

  async end(): Promise<void> {
    const ended = this.#runs && once(this.process, 'exit')
    this.#kill()
    await ended
    process.off('exit', this.#kill)
  }

  get #runs(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  #kill = (): void => {
    if (this.#runs) process.kill(-this.process.pid!, 'SIGKILL')
  }
}
