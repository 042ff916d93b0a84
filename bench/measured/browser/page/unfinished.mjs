const PATIENCE_MS = 10_000

/**
 * Throws unless so many jobs are left in the end: performed is not enough, a queue must know it as well.
 * @param {import('./contenders.mjs').Contender} queue
 * @param {number} jobs
 */
export async function left(queue, jobs) {
  let unfinished = await queue.unfinished()
  for (const end = performance.now() + PATIENCE_MS; unfinished !== jobs && performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    unfinished = await queue.unfinished()
  }
  if (unfinished !== jobs) throw new Error(`${unfinished} jobs are left, not ${jobs}.`)
}
