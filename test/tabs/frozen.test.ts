import { expect, test } from 'vitest'
import { MODES } from './orders.ts'
import { expectFaultless, Scene } from './scene.ts'

const LEASE_MS = 1_000
const PATIENCE_MS = 4_000

test.for(MODES)(
  'a frozen page is robbed when patience is over, and refused when it goes on, tabs: %s',
  { timeout: 120_000 },
  async (mode, context) => {
    const scene = await Scene.open(context, {
      mode,
      storage: { patience: `${PATIENCE_MS}ms` },
      work: { heartbeat: '300ms', lease: `${LEASE_MS}ms` },
    })
    // Alone, so that both jobs are its own.
    const owner = await scene.tab()
    await owner.call('enqueue', [
      { id: 'told', holds: 'aborted' },
      { id: 'late', holds: 'resumed' },
    ])
    const first = [await scene.begun('told'), await scene.begun('late')]
    const other = await scene.tab()

    const frozenAt = await scene.freeze(owner)
    const again = [await scene.begun('told', 2), await scene.begun('late', 2)]
    for (const [index, { who, at }] of again.entries()) {
      expect(who).toBe(scene.page(other))
      expect(first[index]?.who).toBe(scene.page(owner))
      // Not at the end of the lease: a page that is only slow would lose its jobs, too.
      expect(at - frozenAt).toBeGreaterThan(2 * LEASE_MS)
    }
    await other.call('enqueue', [{ id: 'meanwhile' }])
    await scene.noted('ended', 'meanwhile')

    await scene.resume(owner)
    const told = await scene.noted('aborted', 'told', scene.page(owner))
    expect(told.about).toBe('LeaseLostError')
    await scene.site.noted('what the other job settled is refused', ({ what, who, about }) => {
      return what === 'warned' && who === scene.page(owner) && String(about).includes('jobs ended too late')
    })

    await owner.call('enqueue', [{ id: 'after' }])
    await scene.noted('ended', 'after')
    const verdict = await scene.judge(other)
    const took = Math.max(...again.map(({ at }) => at - frozenAt))
    console.log(
      `frozen, tabs: ${mode}: robbed after ${(took / 1_000).toFixed(1)} s with a patience of ${PATIENCE_MS / 1_000} s`,
    )
    expectFaultless(verdict)
    expect(verdict).toMatchObject({ stored: 4, performed: 4, robbed: 2, dead: 0 })
  },
)
