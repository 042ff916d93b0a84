import { expect, test } from 'vitest'
import { ratesBetween, type Snapshot } from '../../src/cli/stats/snapshot.ts'
import { view } from '../../src/cli/stats/view.ts'
import type { WorkerState } from '../../src/index.ts'
import { Ground } from './ground.ts'
import { PseudoTerminal } from './pseudo-terminal.ts'

const ground = new Ground()

test('shows queues, sets and workers', async () => {
  await ground.app.client.push({ class: 'Charge', args: [], queue: 'critical' })
  await ground.app.queue('low').pause()
  const { stdout } = await ground.run('stats')
  expect(stdout).toMatch(/^1 enqueued {2}0 running/)
  expect(stdout).toMatch(/^critical +1 +\d+s +0 {2}nobody listens$/m)
  expect(stdout).toMatch(/^low +0 +- +0 {2}paused$/m)
  expect(stdout).toContain('No worker lives.')
  expect(await ground.json('stats')).toMatchObject({ stats: { enqueued: 1 }, queues: [{ name: 'critical' }, {}] })
})

test('the live view fits a terminal of 80 columns, changes with what happens, and leaves it as it was', async (context) => {
  const longest = 'a-queue-with-a-name-that-is-longer-than-anybody-would-like-to-read'
  await ground.app.client.push({ class: 'Charge', args: [], queue: longest })
  const worker = ground.app.work({ queues: ['critical', 'default', 'low', 'mailers', 'images', 'reports'] })
  const terminal = new PseudoTerminal(['stats', '--watch'], ground.env)
  context.onTestFinished(async () => {
    terminal.kill()
    await worker.stop()
  })
  await terminal.shows(/^quayside/)
  await terminal.shows(worker.id.slice(0, 12))
  await terminal.shows('1 enqueued')
  await ground.app.client.push({ class: 'Charge', args: [], queue: longest })
  await terminal.shows('2 enqueued')
  expect(terminal.screen.filter((line) => line.length > 80)).toEqual([])
  expect(terminal.screen.length).toBeLessThan(24)
  terminal.type('q')
  await terminal.ended()
  expect(terminal.output.trimEnd().endsWith('\x1b[?25h\x1b[?1049l')).toBe(true)
})

test('asks for a terminal where there is none, and prints lines for programs', async () => {
  const { exit, stderr } = await ground.run('stats', '--watch')
  expect([exit, stderr]).toEqual([1, 'error: --watch needs a terminal; with --json it prints a line each second\n'])
})

function snapshot(at: number, processed: number, workers: readonly WorkerState[] = []): Snapshot {
  const sizes = { enqueued: 0, scheduled: 0, retry: 0, dead: 0, workers: 0, running: 0 }
  return { at, stats: { ...sizes, processed, failed: 0, days: [] }, queues: [], workers }
}

test('counts what was done in a second, and nothing when the totals were reset', () => {
  expect(ratesBetween(snapshot(0, 10), snapshot(2_000, 30)).processed).toBe(10)
  expect(ratesBetween(snapshot(0, 30), snapshot(2_000, 0)).processed).toBe(0)
})

test('says how many do not fit', () => {
  const worker = (name: string) => ({ worker: name, running: [], concurrency: 5, startedAt: 0, queues: ['default'] })
  const workers = ['a', 'b', 'c'].map(worker) as unknown as WorkerState[]
  const lines = view(snapshot(0, 0, workers), { processed: 0, failed: 0 }, { columns: 80, rows: 2, paint: (_, t) => t })
  expect(lines.at(-1)).toBe('and 1 more')
})
