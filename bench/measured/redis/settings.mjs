/**
 * How each contender is set up: as its own documentation has it for speed, and so that a job survives the death of its
 * worker where it can. The peers in JavaScript read theirs from here, and the bench prints all.
 */
export const settings = {
  quayside: { app: { logger: /** @type {const} */ (false) }, storage: {} },
  raw: { claim: 'RPOP and HSET in a script', settle: 'one HDEL for all that were claimed together' },
  'raw-fused': { exchange: 'HDEL, RPOP and HSET in one script' },
  bullmq: {
    queue: { defaultJobOptions: { removeOnComplete: true } },
    worker: { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
  },
  'bee-queue': {
    queue: { getEvents: false, sendEvents: false, storeJobs: false, removeOnSuccess: true, removeOnFailure: true },
    checkStalledJobsMs: 5_000,
  },
  groupmq: {
    /** Jobs of one group never run side by side, and a scan goes past busy groups: more groups than slots. */
    groups: 1_000,
    queue: { keepCompleted: 0, keepFailed: 0 },
    /** Where many are enqueued: gathers them into fewer calls, and acknowledges each when it is stored. */
    burst: { autoBatch: { size: 10, maxWaitMs: 10 } },
    worker: {},
  },
  sidekiq: { fetch: 'BRPOP: what a killed process had taken is lost', client: 'redis-rb without hiredis', log: 'off' },
}
