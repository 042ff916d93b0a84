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
