/** 'strict': as listed. 'weighted': mostly the heavier first. 'random': all alike. */
export type QueueOrder = 'strict' | 'weighted' | 'random'

/**
 * The order in which the next claim looks at the queues. Weighted as in Sidekiq: each name as often as it weighs,
 * shuffled, the first of each kept; so a queue of weight 3 is first three times as often as one of weight 1, and none
 * ever starves.
 */
export function queueOrder(
  order: QueueOrder,
  weights: ReadonlyMap<string, number>,
  random: () => number,
): () => readonly string[] {
  const names = [...weights.keys()]
  if (order === 'strict' || names.length < 2) return () => names
  const tickets = order === 'random' ? names : names.flatMap((name) => Array<string>(weights.get(name) ?? 1).fill(name))
  return () => [...new Set(shuffled(tickets, random))]
}

/** Fisher and Yates. */
function shuffled(list: readonly string[], random: () => number): string[] {
  const shuffled = [...list]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const pick = Math.floor(random() * (last + 1))
    ;[shuffled[last], shuffled[pick]] = [shuffled[pick] as string, shuffled[last] as string]
  }
  return shuffled
}
