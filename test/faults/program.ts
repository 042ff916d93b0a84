import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { eventually } from './eventually.ts'
import type { Orders } from './orders.ts'

/** A process of a test. It ends with the test process at the latest, whatever ends that. */
export class Program {
  readonly name: string
  /** All that it printed so far. */
  output = ''
  readonly #child: ChildProcess
  readonly #exit: Promise<unknown>

  constructor(file: 'worker' | 'producer', orders: Orders) {
    this.name = orders.name
    const path = new URL(`programs/${file}.mjs`, import.meta.url).pathname
    // The programs end with their standard input, so that none is left behind.
    const stdio = ['pipe', 'pipe', 'pipe'] as const
    this.#child = spawn(process.execPath, [path, JSON.stringify(orders)], { stdio: [...stdio] })
    this.#exit = once(this.#child, 'exit')
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
      })
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Resolves when it has printed this; rejects when it ends before. */
  async says(words: string): Promise<void> {
    await eventually(`${this.name} says '${words}'`, () => {
      const isSaid = this.output.includes(words)
      if (!isSaid && !this.isRunning) throw new Error(`${this.name} ended before it said '${words}':\n${this.output}`)
      return isSaid
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended()
  }

  /** Asks it to end, and expects it to do so by itself. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    await eventually(`${this.name} stops`, () => !this.isRunning)
    const { exitCode, signalCode } = this.#child
    if (exitCode !== 0) throw new Error(`${this.name} ended with ${exitCode ?? signalCode}:\n${this.output}`)
  }

  async ended(): Promise<void> {
    if (this.isRunning) await this.#exit
  }
}
