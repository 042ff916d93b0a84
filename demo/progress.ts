import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import { app } from './app.ts'

/** How often a terminal is redrawn, and how often a file or a pipe gets a line. */
const REDRAW_MS = 100
const LINE_MS = 1_000

/** How far the app is, in its own words: everything comes from `app.stats()`. */
interface Snapshot {
  readonly done: number
  readonly total: number
  readonly waiting: number
  readonly running: number
  readonly retrying: number
  readonly failed: number
  readonly perSecond: number
}

/** Shows how far the app is until `stop` is called: a bar on a terminal, else plain lines. */
export class Progress {
  readonly #stream: WriteStream
  readonly #isTerminal: boolean
  readonly #startedAt = performance.now()
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(stream: WriteStream) {
    this.#stream = stream
    this.#isTerminal = stream.isTTY === true && process.env.TERM !== 'dumb'
  }

  async start(): Promise<void> {
    const snapshot = await this.#look()
    if (this.#isStopped) return
    this.#stream.write(this.#isTerminal ? `\r${bar(snapshot, this.#stream)}\x1b[K` : `${line(snapshot)}\n`)
    this.#timer = setTimeout(() => this.start(), this.#isTerminal ? REDRAW_MS : LINE_MS)
  }

  /** Clears the bar; writes a last line where there is none. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#stream.write(this.#isTerminal ? '\r\x1b[K' : `${line(await this.#look())}\n`)
  }

  async #look(): Promise<Snapshot> {
    const { processed, failed, enqueued, scheduled, retry, running, dead } = await app.stats({ days: 0 })
    const done = processed - failed + dead
    const seconds = (performance.now() - this.#startedAt) / 1_000
    return {
      done,
      total: done + enqueued + scheduled + retry + running,
      waiting: enqueued + scheduled,
      running,
      retrying: retry,
      failed,
      perSecond: Math.round(processed / Math.max(seconds, 0.1)),
    }
  }
}

/** For files and pipes. */
function line({ done, total, perSecond, waiting, running, retrying, failed }: Snapshot): string {
  const state = `${waiting} waiting, ${running} running, ${retrying} to be retried, ${failed} failed runs`
  return `${done} of ${total} jobs done, ${perSecond} a second: ${state}`
}

/** For terminals: as much of it as fits on one line, the least telling parts left out. */
function bar(snapshot: Snapshot, stream: WriteStream): string {
  const { done, total, perSecond, waiting, running, retrying, failed } = snapshot
  const columns = stream.columns || 80
  const cells = Math.floor(columns / 5)
  const filled = total === 0 ? 0 : Math.floor((cells * done) / total)
  const parts = [`${done}/${total}`, `${running} running`, `${failed} failed`, `${waiting} waiting`]
  parts.push(`${retrying} to retry`, `${perSecond}/s`)
  let text = ''
  for (const part of parts) {
    // The last column stays free: a full line would make some terminals begin the next one.
    if (cells + text.length + part.length + 2 < columns) text += `  ${part}`
  }
  const paint = (style: 'green' | 'dim', blocks: string): string => styleText(style, blocks, { stream })
  return paint('green', '█'.repeat(filled)) + paint('dim', '░'.repeat(cells - filled)) + text
}
