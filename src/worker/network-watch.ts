import { unpark } from './parking.ts'
import type { Round } from './service.ts'
import type { Station } from './station.ts'

/** How often a worker looks for jobs that wait for the network: one that parked some may be gone. */
const LOOK_MS = 30_000

/** While the network is there, so many go back to their queues in each round: all at once would hold up others. */
const BATCH = 500
const BATCH_MS = 1_000

/** A job that was put back to be the probe may be claimed by another worker. After so long another is put back. */
const OFFER_MS = 5_000

/** While others perform for it, nobody tells a worker when it is its turn to look: it asks itself so often. */
const STANDBY_MS = 5_000

/**
 * Brings back the jobs that wait for the network. While nobody knows whether it is there, one at a time: what becomes of
 * that tells it. So it finds those of a page that was reloaded or a worker that died, and of jobs that nobody here
 * defines.
 */
export function networkWatch(station: Station, isStandby: () => boolean): Round {
  const { network, storage, context, about } = station
  return async () => {
    if (station.stopping) return undefined
    if (isStandby()) return STANDBY_MS
    if (!isConcerned(station)) return LOOK_MS
    if (network.waitMs > 0) return network.waitMs
    const { isProven } = network
    const found = await unpark(storage, context, isProven ? BATCH : 1, about.queues)
    network.looked(found > 0)
    if (found === 0) return LOOK_MS
    return isProven ? BATCH_MS : OFFER_MS
  }
}

/** Apps without such jobs ask nothing of the storage. */
function isConcerned({ network, context }: Station): boolean {
  return network.isMet || [...context.jobs.values()].some(({ requires }) => requires !== undefined)
}
