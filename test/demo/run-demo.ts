import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../..')

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The demo as it runs, its output in pipes; `quayside` is the sources to it, as to all tests. */
export class Demo {
  readonly #child: ChildProcess
  readonly ended: Promise<Ended>
  #stdout = ''
  #stderr = ''

  constructor(...args: string[]) {
    const { FORCE_COLOR, NO_COLOR, ...others } = process.env
    const env = { ...others, TSX_TSCONFIG_PATH: join(import.meta.dirname, 'sources.tsconfig.json') }
    this.#child = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts', ...args], { cwd: root, env })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text))
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      return { code, signal, stdout: this.#stdout, stderr: this.#stderr }
    })
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Resolves when the output says this. */
  async says(text: string | RegExp): Promise<void> {
    while ((this.#stdout + this.#stderr).search(text) < 0) {
      const more = [this.#child.stdout, this.#child.stderr].map((stream) => stream && once(stream, 'data'))
      if (!(await Promise.race([...more.map((each) => each?.then(() => true)), this.ended.then(() => false)]))) {
        throw new Error(`The demo ended without saying ${text}:\n${this.#stdout}${this.#stderr}`)
      }
    }
  }
}

/** A folder of its own for the test, with these files. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'quayside-demo-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const write = async ([path, content]: [string, string | Uint8Array]): Promise<void> => {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  await Promise.all(Object.entries(files).map(write))
  return folder
}
