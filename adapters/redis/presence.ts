import type { Clock } from '../../src/clock.ts'
import type { Beat, BeatAnswer, Progress, RunReport, Signal, Storage } from '../../src/storage.ts'
import type { Argument, Link } from './link.ts'
import { BEAT, RETIRE, SIGNAL } from './scripts/presence.ts'
import { infoOf, signalName, signalOf } from './sidekiq.ts'

/** Makes the call that says that a worker lives. What its hash tells of the round trip is the last beat's. */
export function beating(link: Link, clock: Clock, writesOldWork: boolean): Storage['beat'] {
  let rttUs = 0
  return async (beat) => {
    const { worker } = beat
    const keys = [`${link.prefix}${worker}-signals`, `${link.prefix}quayside:cancelled:${worker}`]
    const startedAt = clock.monotonic()
    const reply = await link.run(BEAT, flat(beat, rttUs, writesOldWork), { keys, watch: true })
    rttUs = Math.round((clock.monotonic() - startedAt) * 1000)
    return answerOf(beat, reply as [signals: string[], cancelled: string[], lost: string[]])
  }
}

function flat(beat: Beat, rttUs: number, writesOldWork: boolean): Argument[] {
  const { worker, leaseMs, about, quiet, running, heard, held } = beat
  const lanes = Object.entries(beat.answered)
  const rss = Math.round(process.memoryUsage.rss() / 1024)
  return [
    worker,
    leaseMs,
    JSON.stringify(infoOf(worker, about)),
    running.length,
    String(quiet),
    rss,
    about.concurrency,
    rttUs,
    JSON.stringify(about),
    JSON.stringify(progressOf(running)),
    writesOldWork ? '1' : '',
    heard.length,
    lanes.length,
    held.length,
    ...heard.map(signalName),
    ...lanes.flat(),
    ...held,
    ...running.flatMap(({ token, startedAt }) => [token, endOfWork(startedAt)]),
  ]
}

/** The script writes the beginning of the entry, from the claim that it has. `started_at` is ours, in milliseconds. */
const endOfWork = (startedAt: number): string => `,"run_at":${Math.floor(startedAt / 1000)},"started_at":${startedAt}}`

function progressOf(running: readonly RunReport[]): Record<number, Progress> {
  return Object.fromEntries(running.flatMap(({ token, progress }) => (progress ? [[token, progress]] : [])))
}

/** Nothing but the lease tells Redis that a worker lives. */
function answerOf({ leaseMs }: Beat, [signals, cancelled, lost]: [string[], string[], string[]]): BeatAnswer {
  return {
    signals: [...new Set(signals)].flatMap((name) => signalOf(name) ?? []),
    safeMs: leaseMs,
    cancelled: cancelled.map(Number),
    lost: lost.map(Number),
  }
}

/** False for a worker whose lease is over: nobody can say that it will ever hear. */
export async function signal(link: Link, worker: string, what: Signal): Promise<boolean> {
  return (await link.run(SIGNAL, [worker, signalName(what)])) === 1
}

export async function retire(link: Link, worker: string): Promise<void> {
  await link.run(RETIRE, [worker])
}
