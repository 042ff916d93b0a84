import { ManualClock } from '../../conformance/manual-clock.ts'
import { pier } from '../../engine/support/pier.ts'
import { MINUTE, rest, SECOND } from '../../engine/support/time.ts'

/** When the clocks of these tests begin. */
export const NOON: number = Date.UTC(2026, 0, 1, 12)

/** Timers of workers fire each second; hours of them take their time. */
const STEP: number = 10 * SECOND

/** Lets hours pass, and what they set off come to rest. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  await rest()
  for (let left = ms; left > 0; left -= STEP) {
    await clock.advance(Math.min(left, STEP))
    await rest(2)
  }
  await rest()
}

/** An app with a job that notes the times of its ticks, as minutes after noon. */
export function ticking(options: Parameters<typeof pier>[0] = {}) {
  const clock = options.clock ?? new ManualClock(NOON)
  const here = pier({ ...options, clock })
  const ticks: (number | undefined)[] = []
  const jids: string[] = []
  const job = here.job('Tick', {
    perform() {
      ticks.push(this.tickAt && (this.tickAt.getTime() - NOON) / MINUTE)
      jids.push(this.jid)
    },
  })
  const hourly = { cron: '@hourly', job }
  return { ...here, ticks, jids, tick: job, hourly, pass: (ms: number) => pass(clock, ms) }
}

export type Ticking = ReturnType<typeof ticking>
