import { describe, expect, test } from 'vitest'
import type { RedisServer } from '../redis/redis-server.ts'
import { sleep } from './eventually.ts'
import type { Note } from './ledger.ts'
import { now } from './programs/note.mjs'
import { expectFaultless, Scene } from './scene.ts'

/** What is promised: workers go on so soon after Redis is back, and producers hear so soon that it is away. */
const GOES_ON_MS = 5_000
const FAILS_MS = 5_000
/** What timers may be late by on a machine that is busy. */
const LATE_MS = 1_000

export interface Outage {
  readonly title: string
  begin(server: RedisServer): Promise<void> | void
  end(server: RedisServer): Promise<void> | void
}

/** What an outage does to workers and producers, for as long as they are not meant to notice, and longer. */
export function outageSuite({ title, begin, end }: Outage): void {
  describe(title, () => {
    test.concurrent.for([1, 6, 20])(
      'for %i s: all workers go on, producers fail fast, nothing is lost',
      { timeout: 120_000 },
      async (seconds, context) => {
        const scene = await Scene.open(context, '--appendonly', 'yes', '--appendfsync', 'always')
        const workers = await scene.workers(3, { work: { concurrency: 2 } })
        const producers = [
          await scene.producer({ mix: [{ ms: 2, isOwn: true }], lanes: 5, pauseMs: 50 }),
          await scene.producer({ mix: [{ ms: 2 }, { ms: 2, bulk: 3 }, { wait: '300ms' }], lanes: 5, pauseMs: 50 }),
        ]
        // So that there is something to do for each of them as soon as Redis is back.
        await scene.enqueue(...Array.from({ length: 1_000 }, (_, index) => ({ id: `backlog-${index}`, ms: 30 })))

        await begin(scene.server)
        await sleep(seconds * 1_000)
        await end(scene.server)
        const backAt = now()
        const wentOn = await Promise.all(workers.map(({ name }) => scene.noted((note) => wentOnAt(note, name, backAt))))

        for (const producer of producers) await producer.stop()
        await scene.drained()
        const verdict = await scene.judge()
        const refused = scene.ledger.of('refused')
        const slowest = Math.max(0, ...refused.map(({ ms = 0 }) => ms))
        const wentOnMs = wentOn.map(({ at }) => Math.round(at - backAt)).sort((one, other) => one - other)
        console.log(
          `${title} for ${seconds} s: workers went on after ${wentOnMs.join(', ')} ms; ` +
            `${verdict.stored} jobs acknowledged, ${verdict.lost.length} lost, ${verdict.performedAgain} performed twice; ` +
            `${refused.length} enqueues refused after at most ${Math.round(slowest)} ms (${outcomes(refused)})`,
        )
        expectFaultless(verdict)
        expect(verdict.dead).toEqual([])
        expect(wentOnMs.at(-1)).toBeLessThan(GOES_ON_MS)
        expect(new Set(refused.map(({ name }) => name))).toEqual(new Set(refused.length > 0 ? [UNAVAILABLE] : []))
        expect(slowest).toBeLessThan(FAILS_MS + LATE_MS)
        if (seconds * 1_000 > FAILS_MS) expect(refused.length).toBeGreaterThan(0)
      },
    )
  })
}

const UNAVAILABLE = 'StorageUnavailableError'

function wentOnAt({ what, who, at }: Note, name: string, backAt: number): boolean {
  return what === 'begun' && who === name && at >= backAt
}

function outcomes(refused: readonly Note[]): string {
  const count = (outcome: string) => refused.filter((note) => note.outcome === outcome).length
  return `${count('none')} none, ${count('unknown')} unknown`
}
