/**
 * Several loops that each take a job and perform it, until there is none: how a worker works that has no other plan.
 * @param {number} concurrency
 * @param {() => Promise<boolean>} performNext false when there was none
 */
export async function loops(concurrency, performNext) {
  const loop = async () => {
    while (await performNext());
  }
  await Promise.all(Array.from({ length: concurrency }, loop))
}
