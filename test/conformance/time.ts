export const SECOND = 1_000
export const MINUTE: number = 60 * SECOND
export const HOUR: number = 60 * MINUTE
export const DAY: number = 24 * HOUR

/** The lease of the suite's workers. */
export const LEASE: number = 60 * SECOND

/**
 * How long a test itself may take. Some stores cannot stop their time, so what a test asks for is never closer together
 * than this, and what it measures may be off by as much.
 */
export const SLACK: number = 15 * SECOND
