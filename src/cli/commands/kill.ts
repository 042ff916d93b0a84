import type { Command } from '../command.ts'
import { act } from './act.ts'

/** Sends jobs of a set to the dead set. */
export const kill: Command = act({
  name: 'kill',
  summary: 'Sends jobs of a set to the dead set',
  places: ['retries', 'scheduled'],
  notes: ['What the app does when a job dies (onDeath) happens only with -r FILE, and not with --all alone.'],
  examples: [
    ['kill retries 6c9f2b0e5a7d4c1b8e3f0a12', 'one job'],
    ['kill retries --error ECONNREFUSED --yes', 'without being asked'],
  ],
  done: 'sent to the dead set',
  isDestructive: true,
  one: async (shelf, job) => (shelf.kind === 'scheduled' || shelf.kind === 'retries') && shelf.jobs.kill(job),
  all: async (shelf) => (shelf.kind === 'scheduled' || shelf.kind === 'retries' ? shelf.jobs.killAll() : 0),
})
