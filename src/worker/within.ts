import type { Clock } from '../clock.ts'

/** Whether `work` ends, either way, within `ms` milliseconds. It goes on if not; nobody waits for it any more. */
export function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false))
    const ended = () => {
      cancel()
      resolve(true)
    }
    work.then(ended, ended)
  })
}
