const PATIENCE_MS = 5_000

/**
 * Throws unless nothing is left of all jobs: performed is not enough, a queue must know it as well.
 * @param {import('./contenders.mjs').Producer} producer
 */
export async function settled({ unfinished }) {
  let left = await unfinished()
  for (const end = Date.now() + PATIENCE_MS; left > 0 && Date.now() < end; left = await unfinished()) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (left !== 0) throw new Error(`${left} jobs are left in Redis, although each was performed.`)
}
