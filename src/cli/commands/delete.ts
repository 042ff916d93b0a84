import type { Command } from '../command.ts'
import { SHELF_NOTE } from '../shelves/shelf.ts'
import { act } from './act.ts'

/** Deletes jobs for good. */
export const deleteJobs: Command = act({
  name: 'delete',
  summary: 'Deletes jobs of a queue or a set, for good',
  places: ['queue', 'retries', 'scheduled', 'dead'],
  notes: [SHELF_NOTE],
  examples: [
    ['delete default 6c9f2b0e5a7d4c1b8e3f0a12', 'one job'],
    ['delete dead --match old@example.com', 'all that have it in them'],
  ],
  done: 'deleted',
  isDestructive: true,
  one: (shelf, job) => shelf.jobs.delete(job),
  all: (shelf) => shelf.jobs.clear(),
})
