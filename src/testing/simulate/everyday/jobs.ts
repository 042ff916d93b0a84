import { NetworkUnavailableError } from '../../../errors.ts'
import type { Job } from '../../../job.ts'
import type { Run } from '../../../run.ts'
import type { Here } from '../here.ts'

export interface EverydayJobs {
  readonly quick: Job<[number]>
  readonly slow: Job<[number]>
  readonly flaky: Job<[failures: number, ms: number]>
  readonly doomed: Job<[number]>
  readonly obedient: Job<[ms: number]>
  readonly stubborn: Job<[ms: number]>
  readonly deadly: Job<[ms: number]>
  readonly busy: Job<[ms: number]>
  readonly parent: Job<[children: number]>
  readonly unique: Job<[which: number, ms: number]>
  readonly single: Job<[which: number]>
  readonly fickle: Job<[number]>
  readonly shortLived: Job<[number]>
  readonly upload: Job<[ms: number]>
  readonly onlyUpload: Job<[which: number]>
}

/** A short wait, so that a run of a simulation is short. */
const soon = (count: number) => ({ seconds: 1 + count * 3 })

/** Jobs that succeed, fail, wait, hang, ignore their signal, enqueue others, and end their process. */
export function jobsOf(here: Here, deadlyRuns: number): EverydayJobs {
  const { app, sleep } = here
  const ms = (milliseconds: number) => sleep({ milliseconds })
  const upload = async (time: number) => {
    await ms(time)
    if (here.isOffline) throw new NetworkUnavailableError('the simulated network is away')
  }
  const quick = app.job('Quick', { perform: (_: number) => {} })
  const single: Job<[number]> = app.job('Single', {
    unique: { for: '1m', until: 'start', onConflict: 'jid' },
    retry: 1,
    retryIn: soon,
    async perform(which: number) {
      // Its lock is free already: the next one may wait while this one runs.
      if (here.random() < 0.4) here.acknowledged(await single.performAsync(which))
      await ms(500)
    },
  })
  return {
    quick,
    single,
    slow: app.job('Slow', { queue: 'low', perform: (time: number) => ms(time) }),
    flaky: app.job('Flaky', {
      retry: 8,
      retryIn: soon,
      async perform(this: Run, failures: number, time: number) {
        if (time > 0) await ms(time)
        if (this.attempt <= failures) throw new Error('not yet')
      },
    }),
    doomed: app.job('Doomed', {
      queue: 'critical',
      retry: 1,
      retryIn: soon,
      perform: (_: number) => {
        throw new Error('never')
      },
    }),
    obedient: app.job('Obedient', {
      retry: 2,
      retryIn: soon,
      timeout: '20s',
      async perform(this: Run, time: number) {
        await Promise.race([ms(time), aborted(this.signal)])
      },
    }),
    stubborn: app.job('Stubborn', {
      queue: 'low',
      retry: 1,
      retryIn: soon,
      timeout: '3s',
      async perform(time: number) {
        await ms(time)
        // Of most runs nobody hears it any more.
        if (time % 2 === 1) throw new Error('too late')
      },
    }),
    deadly: app.job('Deadly', {
      queue: 'critical',
      async perform(time: number) {
        await ms(time)
        if (!here.isHealed && here.random() < deadlyRuns) await here.crash()
      },
    }),
    busy: app.job('Busy', {
      perform(time: number) {
        if (!here.isHealed && deadlyRuns > 0) here.freeze({ milliseconds: time })
      },
    }),
    parent: app.job('Parent', {
      retry: 3,
      retryIn: soon,
      async perform(children: number) {
        for (let child = 0; child < children; child++) here.acknowledged(await quick.performAsync(child))
      },
    }),
    unique: app.job('Unique', { queue: 'low', unique: { for: '2m' }, perform: (_: number, time: number) => ms(time) }),
    fickle: app.job('Fickle', {
      retryIn: () => (here.random() < 0.5 ? 'kill' : 'discard'),
      perform: (_: number) => {
        throw new Error('whatever')
      },
    }),
    shortLived: app.job('ShortLived', { queue: 'low', expiresIn: '5s', perform: (_: number) => {} }),
    upload: app.job('Upload', { requires: 'network', perform: upload }),
    onlyUpload: app.job('OnlyUpload', {
      queue: 'low',
      requires: 'network',
      unique: { for: '2m' },
      perform: (_: number) => upload(200),
    }),
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
