import type { Command } from '../command.ts'
import { act } from './act.ts'

/** Sends jobs of a set to their queues. */
export const retry: Command = act({
  name: 'retry',
  summary: 'Sends jobs of a set to their queues, now',
  places: ['retries', 'scheduled', 'dead'],
  examples: [
    ['retry dead 6c9f2b0e5a7d4c1b8e3f0a12', 'one job'],
    ['retry dead --class Charge', 'all dead jobs of that name'],
    ['retry retries --all', 'all that wait to be retried'],
  ],
  done: 'sent to their queues',
  isDestructive: false,
  one: async (shelf, job) => shelf.kind !== 'queue' && shelf.jobs.retry(job),
  all: async (shelf) => (shelf.kind === 'queue' ? 0 : shelf.jobs.retryAll()),
})
