import type { Wake } from '../../../src/storage.ts'

/** What a change of a key means to workers. The key is without the prefix of the app. */
export function wakeOf(key: string): Wake | undefined {
  // First: a queue may be named `x-signals`.
  if (key.startsWith('queue:') || key === 'paused') return 'claimable'
  if (key === 'schedule' || key === 'retry') return 'due'
  if (key === 'quayside:arrivals') return 'recoverable'
  if (key.startsWith('quayside:cancelled:') || key.endsWith('-signals')) return 'signal'
  return undefined
}
