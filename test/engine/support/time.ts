import type { ManualClock } from '../../conformance/manual-clock.ts'

export const SECOND = 1_000
export const MINUTE: number = 60 * SECOND
export const HOUR: number = 60 * MINUTE
export const DAY: number = 24 * HOUR

/** Lets all that can happen now happen, while the clock stands still: promises, and what the platform does beside us. */
export async function rest(turns = 10): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** The clock's own promise turns may be too few for what a timer sets off: nobody is to be hurried by the next timer. */
const STEP: number = SECOND / 2

/** Lets time pass, and what it sets off come to rest. */
export async function pass(clock: ManualClock, ms: number): Promise<void> {
  await rest()
  for (let left = ms; left > 0; left -= STEP) {
    await clock.advance(Math.min(left, STEP))
    await rest(1)
  }
  await rest()
}

/** Waits for what the platform does beside us, in threads of its own, while the clock stands still. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; !(await isSo()); turn++) {
    if (turn > 20_000) throw new Error('it never came to be')
    await rest(1)
  }
}
