import { emitKeypressEvents } from 'node:readline'
import type { Quayside } from '../../quayside.ts'
import { Failure } from '../failure.ts'
import type { Terminal } from '../output/terminal.ts'
import { ratesBetween, type Snapshot, takeSnapshot } from './snapshot.ts'
import { view } from './view.ts'

const EVERY_MS = 1_000

/** Another screen, which leaves what stood there before as it was; and no cursor. */
const ENTER = '\x1b[?1049h\x1b[?25l'
const LEAVE = '\x1b[?25h\x1b[?1049l'
const HOME = '\x1b[H'
const TO_LINE_END = '\x1b[K'
const TO_SCREEN_END = '\x1b[J'

/** Shows the view anew each second, until somebody presses q or Ctrl-C. */
export async function showLive(app: Quayside, terminal: Terminal): Promise<void> {
  const { stdin, stdout } = process
  if (!terminal.isInteractive) throw new Failure('--watch needs a terminal; with --json it prints a line each second')
  const over = new AbortController()
  const onKey = (_: unknown, key: { name?: string; ctrl?: boolean }): void => {
    if (key.name === 'q' || key.name === 'escape' || (key.ctrl && key.name === 'c')) over.abort()
  }
  const end = () => over.abort()
  emitKeypressEvents(stdin)
  stdin.setRawMode(true).resume().on('keypress', onKey)
  process.once('SIGTERM', end)
  stdout.write(ENTER)
  try {
    for await (const [before, now] of snapshots(app, over.signal)) stdout.write(screen(before, now, terminal))
  } finally {
    stdout.write(LEAVE)
    stdin.setRawMode(false).pause().off('keypress', onKey)
    process.off('SIGTERM', end)
  }
}

/** Prints what changed as one line of JSON each second, until a signal ends it. */
export async function printLive(app: Quayside, terminal: Terminal): Promise<void> {
  const over = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => over.abort())
  for await (const [before, now] of snapshots(app, over.signal)) {
    terminal.json({ ...now, rates: ratesBetween(before, now) })
  }
}

async function* snapshots(app: Quayside, over: AbortSignal): AsyncGenerator<[Snapshot, Snapshot]> {
  let before = await takeSnapshot(app)
  yield [before, before]
  while (await pause(over)) {
    const now = await takeSnapshot(app)
    yield [before, now]
    before = now
  }
}

/** False when it is over. */
function pause(over: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (over.aborted) return resolve(false)
    const end = () => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      over.removeEventListener('abort', end)
      resolve(true)
    }, EVERY_MS)
    over.addEventListener('abort', end, { once: true })
  })
}

/** Written over the last one, line by line: a screen that is cleared first would flicker. */
function screen(before: Snapshot, now: Snapshot, { paint }: Terminal): string {
  const { columns = 80, rows = 24 } = process.stdout
  const frame = { columns, rows: Math.max(3, Math.floor((rows - 10) / 2)), paint }
  const title = `${paint('bold', 'quayside')}  ${new Date(now.at).toLocaleTimeString()}  ${paint('dim', 'q ends this')}`
  const lines = [title, '', ...view(now, ratesBetween(before, now), frame)].slice(0, rows - 1)
  return `${HOME}${lines.map((line) => line + TO_LINE_END).join('\r\n')}${TO_SCREEN_END}`
}
