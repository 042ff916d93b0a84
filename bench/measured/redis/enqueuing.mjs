/** What the bench calls "100 in flight" and "in bulk". */
const IN_FLIGHT = 100
const AT_ONCE = 1_000

/**
 * Enqueues jobs each by its own call, while so many calls wait for their answer.
 * @param {import('./contenders.mjs').Producer} producer
 * @param {number} from @param {number} to
 */
export async function inFlight({ enqueue }, from, to) {
  let next = from
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller))

  async function caller() {
    while (next < to) await enqueue(next++)
  }
}

/**
 * Enqueues jobs, so many by each call, one call after the other.
 * @param {import('./contenders.mjs').Producer} producer
 * @param {number} from @param {number} to
 */
export async function inBulk({ enqueueBulk }, from, to) {
  for (let first = from; first < to; first += AT_ONCE) {
    await enqueueBulk(Array.from({ length: Math.min(AT_ONCE, to - first) }, (_, offset) => first + offset))
  }
}
