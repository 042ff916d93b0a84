import { type ChildProcess, spawn } from 'node:child_process'
import { until } from '../redis/until.ts'
import { MAIN } from './quayside.ts'

const COLUMNS = 80
const ROWS = 24

/** The built command in a terminal of 80 by 24 characters, which `script` (of util-linux) makes. */
export class PseudoTerminal {
  output = ''
  #isOver = false
  readonly #child: ChildProcess

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const line = `stty cols ${COLUMNS} rows ${ROWS}; exec ${process.execPath} ${MAIN} ${args.join(' ')}`
    const { PATH, HOME } = process.env
    this.#child = spawn('script', ['-qefc', line, '/dev/null'], { env: { PATH, HOME, TERM: 'xterm', ...env } })
    const kill = () => this.#child.kill('SIGKILL')
    process.once('exit', kill)
    this.#child.once('close', () => {
      process.off('exit', kill)
      this.#isOver = true
    })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
    })
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys)
  }

  /** What stands on the screen: the last picture that was drawn whole, without styles. */
  get screen(): string[] {
    const last = this.output.split('\x1b[H').at(-1) ?? ''
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor begins with the escape character
    return last.replace(/\x1b\[[?\d;]*[A-Za-z]/g, '').split('\r\n')
  }

  async shows(words: string | RegExp): Promise<void> {
    const isShown = () => this.screen.some((line) => line.match(words))
    await until(`the screen shows ${words}`, isShown, 15_000).catch((error) => {
      throw new Error(`${error.message}:\n${this.screen.join('\n')}`)
    })
  }

  async ended(): Promise<void> {
    await until('the command ends', () => this.#isOver, 15_000)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
