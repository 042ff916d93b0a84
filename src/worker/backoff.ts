/** Sidekiq's delay before retry `count` (0 is the first), in milliseconds, without jitter: 15 s, 16 s, 31 s, 96 s, … */
export function retryDelayMs(count: number): number {
  return (count ** 4 + 15) * 1_000
}

/**
 * Sidekiq 8's jitter: whole seconds below 10 × (count + 1). Keeps jobs that failed together from coming back together.
 */
export function retryJitterMs(count: number, random: () => number): number {
  return Math.floor(random() * 10 * (count + 1)) * 1_000
}

/** Active Job's jitter for `retry_on`: up to 15 % of the wait. */
export function waitJitterMs(waitMs: number, random: () => number): number {
  return random() * 0.15 * waitMs
}

/** How long the network is left alone after a probe that failed: a second at first, at most a quarter of a minute. */
export function probeDelayMs(count: number, random: () => number): number {
  return Math.min(15_000, 1_000 * 2 ** count) * (0.75 + random() / 4)
}
