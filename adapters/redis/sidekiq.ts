import { hostname } from 'node:os'
import type { Signal, WorkerAbout } from '../../src/storage.ts'

// The shapes that Ruby's processes and pages read.

/** Sidekiq's names of signals: those of Unix. */
const SIGNALS: Readonly<Record<Signal, string>> = { quiet: 'TSTP', stop: 'TERM', dump: 'TTIN' }

export const signalName = (signal: Signal): string => SIGNALS[signal]

/** Undefined for a name that means nothing to us. */
export function signalOf(name: string): Signal | undefined {
  if (name === SIGNALS.quiet) return 'quiet'
  if (name === SIGNALS.stop) return 'stop'
  return name === SIGNALS.dump ? 'dump' : undefined
}

/** The `info` of a process. Its fields are all there, also those that only some versions have: pages fail without. */
export function infoOf(worker: string, about: WorkerAbout): Record<string, unknown> {
  const { startedAt, queues, concurrency, tag, labels } = about
  const capsules = Object.entries(about.capsules).map(([name, { concurrency, order, weights }]) => {
    return [name, { concurrency, mode: order, weights: order === 'strict' ? zeros(weights) : weights }] as const
  })
  return {
    hostname: harmless(hostname()),
    started_at: startedAt / 1000,
    pid: process.pid,
    tag: harmless(tag),
    concurrency,
    queues,
    labels: labels.map(harmless),
    identity: harmless(worker),
    weights: capsules.map(([, { weights }]) => weights),
    version: 'quayside',
    embedded: false,
    capsules: Object.fromEntries(capsules),
  }
}

/** Sidekiq's way to say that the order is strict. */
const zeros = (weights: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.keys(weights).map((queue) => [queue, 0]))

const LOOKALIKES: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '"': '”', "'": '’', '`': '’', '&': '＆' }

/** Sidekiq's page prints these texts as they are. With markup in them they would run in an operator's browser. */
const harmless = (text: string): string => text.replace(/[<>"'`&]/g, (sign) => LOOKALIKES[sign] ?? '')
