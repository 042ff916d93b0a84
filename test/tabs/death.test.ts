import { expect, test } from 'vitest'
import { MODES, type Note } from './orders.ts'
import { amount, percentiles } from './proof.ts'
import { DEATHS, expectFaultless, Scene } from './scene.ts'
import type { Tab } from './tab.ts'

const TIMES = amount(15, 100)

const cases = MODES.flatMap((mode) => DEATHS.map((death) => ({ mode, death })))

test.for(cases)(
  'the jobs of a page are taken over when it ends: $death, tabs: $mode',
  { timeout: 300_000 },
  async ({ mode, death }, context) => {
    // Where one page performs, its slots are taken, so that the last job has to wait for the end of the page.
    const slots = mode === 'one' ? 2 : 1
    const scene = await Scene.open(context, { mode, work: { concurrency: slots } })
    let tabs = await scene.tabs(2)
    const runningMs: number[] = []
    const waitingMs: number[] = []
    for (let n = 1; n <= TIMES; n++) {
      const running = Array.from({ length: slots }, (_, slot) => ({
        id: `running-${n}-${slot}`,
        holds: 'aborted' as const,
      }))
      await tabs[0]?.call('enqueue', running)
      const [{ who }] = (await Promise.all(running.map(({ id }) => scene.begun(id)))) as [Note]
      const victim = tabs.find((tab) => scene.page(tab) === who) as Tab
      await tabs[0]?.call('enqueue', [{ id: `waiting-${n}` }])
      if (mode === 'all') await scene.noted('ended', `waiting-${n}`)

      const diedAt = await scene.end(victim, death)
      const again = await scene.begun(`running-${n}-0`, 2)
      expect(again.who).not.toBe(who)
      runningMs.push(again.at - diedAt)
      waitingMs.push((await scene.begun(`waiting-${n}`)).at - diedAt)
      tabs = [...tabs.filter((tab) => tab !== victim), await scene.replace(victim, death)]
    }
    const verdict = await scene.judge(tabs[0] as Tab)
    const others = mode === 'one' ? `; of waiting jobs ${percentiles(waitingMs)}` : ''
    console.log(`${death}, tabs: ${mode}: ${TIMES} takeovers of running jobs within ${percentiles(runningMs)}${others}`)
    expectFaultless(verdict)
    const all = (slots + 1) * TIMES
    expect(verdict).toMatchObject({ stored: all, performed: all, performedAgain: slots * TIMES, dead: 0 })
  },
)
