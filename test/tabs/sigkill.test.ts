import { expect, test } from 'vitest'
import { amount } from './proof.ts'
import { expectFaultless, Scene } from './scene.ts'

const KILLS = amount(5, 30)

const cases = [
  { durability: 'relaxed', mode: 'one' },
  { durability: 'relaxed', mode: 'all' },
  { durability: 'strict', mode: 'one' },
] as const

test.for(cases)(
  'a browser is killed again and again, $durability, tabs: $mode: nothing acknowledged is lost',
  { timeout: 300_000 },
  async (given, context) => {
    const { durability, mode } = given
    const scene = await Scene.open(context, { mode, storage: { durability } })
    for (let kill = 1; kill <= KILLS; kill++) {
      const [producer, other] = await scene.tabs(2)
      await producer?.call('produce', `a${kill}`)
      await other?.call('produce', `b${kill}`)
      // At the moment in which it was acknowledged to one page; the other one is at any other point.
      await scene.noted('stored', `a${kill}-${Math.floor(10 + Math.random() * 50)}`)
      await scene.kill()
      await scene.browser.start()
    }
    const verdict = await scene.judge(await scene.tab())
    const { stored, performedAgain, dead, forgotten } = verdict
    console.log(
      `${KILLS} browsers killed, ${durability}, tabs: ${mode}: ${stored} jobs acknowledged, ` +
        `${verdict.lost.length} lost, ${forgotten} forgotten by the browser with all that it had, ` +
        `${performedAgain} performed twice, ${dead} dead after three recoveries`,
    )
    expectFaultless(verdict)
    expect(stored).toBeGreaterThan(10 * KILLS)
    // Without any, the kills hit nothing.
    expect(performedAgain).toBeGreaterThan(0)
  },
)
