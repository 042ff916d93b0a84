import type { Clock } from '../clock.ts'
import type { Round } from './service.ts'

const LOOK_EVERY_MS = 1_000

/** Wall clock and monotonic clock may drift apart by this much between two looks before it counts as a leap. */
const LEAP_MS = 250

/**
 * Notices that time leapt: the clock was set, or the machine slept (timers stand still meanwhile, and fire late by as
 * long). Whoever waits for an instant then has to look again.
 */
export function clockWatch(clock: Clock, onLeap: () => void): Round {
  let offset = clock.now() - clock.monotonic()
  return async () => {
    const now = clock.now() - clock.monotonic()
    if (Math.abs(now - offset) > LEAP_MS) onLeap()
    offset = now
    return LOOK_EVERY_MS
  }
}
