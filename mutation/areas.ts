/** A part of the sources, and the tests that are to notice when it is broken. */
export interface Area {
  readonly mutate: readonly string[]
  readonly tests: readonly string[]
}

/** Not those of what only enqueues or shows jobs, and not the one that measures memory: they would cost most of the time. */
const ENGINE = 'test/engine/{breathe,end,fail,options,outage,perform,read-ahead,recover,schedule,unique}.test.ts'

export const areas: Readonly<Record<string, Area>> = {
  worker: {
    mutate: ['src/worker/**/*.ts', '!src/worker/{retry,backoff,settle,settle-failure}.ts'],
    tests: [ENGINE, 'test/unit/worker/*.test.ts', 'test/properties/queue-order.test.ts'],
  },
  retry: {
    mutate: ['src/worker/{retry,backoff,settle,settle-failure}.ts'],
    tests: ['test/engine/{fail,end,perform,recover}.test.ts', 'test/unit/worker/{retry,backoff,execute}.test.ts'],
  },
  client: {
    mutate: ['src/{client,draft,group-commit,payload,payload-text,job-options}.ts'],
    tests: [
      'test/engine/{enqueue,unique,outage,schedule,options,perform}.test.ts',
      'test/unit/{enqueue,payload,payload-text,options,middleware,events}.test.ts',
      'test/properties/{arguments,delays}.test.ts',
      'test/testing/{fake,inline,modes}.test.ts',
    ],
  },
  memory: {
    mutate: ['adapters/memory/**/*.ts'],
    // Without the random lists of calls: a mutant would cost seconds, and the conformance tests are to notice it anyway.
    tests: ['test/adapters/{conformance-memory,memory,memory-sorted-list}.test.ts'],
  },
}
