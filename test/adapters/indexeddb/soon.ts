import { vi } from 'vitest'

/** Waits until it holds. Looks often; and for long, since the machine may be busy. */
export function soon<T>(holds: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(holds, { timeout: 20_000, interval: 5 })
}
