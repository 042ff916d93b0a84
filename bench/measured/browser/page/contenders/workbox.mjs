import { Queue } from 'workbox-background-sync'
import { jobRow } from '../rows.mjs'

/**
 * A queue of requests, which are sent one after the other; each is deleted before it is sent. Here `fetch` answers at
 * once, without a network: it is the queue that is measured.
 * @returns {import('../contenders.mjs').Contender}
 */
export function open() {
  // It is written for service workers, and looks there for Background Sync.
  Object.assign(globalThis, { registration: {} })
  const queue = new Queue('jobs', { forceSyncFallback: true, onSync: async () => {} })
  return {
    enqueue: add,
    enqueueAll: (indexes) => Promise.all(indexes.map(add)),
    fill: (indexes) => Promise.all(indexes.map(add)),
    waiting: async () => (await queue.getAll()).map(({ request }) => indexOf(request)),
    unfinished: () => queue.size(),
    work: ({ perform }) => {
      globalThis.fetch = async (request) => {
        await perform(indexOf(/** @type {Request} */ (request)))
        return new Response()
      }
      return queue.replayRequests()
    },
  }

  /** @param {number} index */
  function add(index) {
    const request = new Request(`/jobs/${index}`, { method: 'POST', body: jobRow(index).text })
    return queue.pushRequest({ request })
  }
}

/** @param {Request} request */
function indexOf({ url }) {
  return Number(url.slice(url.lastIndexOf('/') + 1))
}
