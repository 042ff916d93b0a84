import { describe, expect, test } from 'vitest'
import { MODES } from './orders.ts'
import { amount } from './proof.ts'
import { expectFaultless, Scene } from './scene.ts'

/** Timers of a page that is throttled intensively fire once a minute, and all at once. */
const WATCHED_MS = amount(45_000, 180_000)

describe.concurrent('a hidden page whose timers are a minute late', () => {
  test.for(MODES)('keeps its job, tabs: %s', { timeout: WATCHED_MS + 180_000 }, async (mode, context) => {
    const scene = await Scene.open(context, { mode, timers: 'chained' })
    // Hidden while it is alone, so that it is the one to perform.
    const owner = await scene.tab()
    await owner.hide()
    const hiddenAt = performance.now()
    await owner.call('enqueue', [{ id: 'long', holds: 'released' }])
    await scene.begun('long')
    const other = await scene.tab()

    const page = scene.page(owner)
    const isLate = (after: number) =>
      scene.site.noted(
        `${page} is throttled`,
        ({ what, who, at }) => what === 'late' && who === page && at > hiddenAt + after,
        after + 120_000,
      )
    await isLate(WATCHED_MS)
    const lateMs = scene.site.notes
      .filter(({ what, who }) => what === 'late' && who === page)
      .map(({ about }) => Number(about))
    // Longer than its lease: by that alone it would be taken for gone.
    expect(Math.max(...lateMs)).toBeGreaterThan(20_000)
    expect(await owner.evaluate('document.visibilityState')).toBe('hidden')

    // What is enqueued elsewhere does not wait for timers, whoever performs it.
    await other.call('enqueue', [{ id: 'meanwhile' }])
    const stored = await scene.noted('stored', 'meanwhile')
    const woken = await scene.begun('meanwhile')
    if (mode === 'one') expect(woken.who).toBe(page)
    await owner.call('release')
    await scene.noted('ended', 'long', page)
    const verdict = await scene.judge(other)
    console.log(
      `throttled, tabs: ${mode}: its timers came ${lateMs.map((ms) => (ms / 1_000).toFixed(0)).join(', ')} s late ` +
        `in ${WATCHED_MS / 1_000} s, and its job was its own; another began ${(woken.at - stored.at).toFixed(0)} ms after it was stored`,
    )
    expectFaultless(verdict)
    expect(verdict).toMatchObject({ stored: 2, performed: 2, performedAgain: 0, robbed: 0, dead: 0 })
  })
})
