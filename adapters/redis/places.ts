import type { Place } from '../../src/storage.ts'

const SETS = { scheduled: 'schedule', retry: 'retry', dead: 'dead' } as const

/** The name of a place's key, behind the prefix: Sidekiq's. */
export const keyOf = (place: Place): string => (typeof place === 'string' ? SETS[place] : `queue:${place.queue}`)
