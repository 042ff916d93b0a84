import { onTestFinished } from 'vitest'
import { memoryStorage } from '../../../adapters/memory/index.ts'
import type {
  AppOptions,
  EventName,
  Job,
  JobSpec,
  LogFields,
  LogLevel,
  OpenStorage,
  Run,
  Storage,
  Worker,
  WorkOptions,
} from '../../../src/index.ts'
import { Quayside } from '../../../src/index.ts'
import { ManualClock } from '../../conformance/manual-clock.ts'
import { Tapped } from './tapped.ts'
import { MINUTE, pass, rest } from './time.ts'

type Line = readonly [level: LogLevel, fields: LogFields, message: string]

type PierOptions = Omit<Partial<AppOptions>, 'storage' | 'clock'> & {
  readonly storage?: OpenStorage
  readonly clock?: ManualClock
}

/** An app with a clock of its own, a storage that can be listened to, and a log that is kept. Closed after the test. */
export function pier({ storage = memoryStorage(), clock = new ManualClock(), ...options }: PierOptions = {}) {
  const lines: Line[] = []
  const keep = (level: LogLevel) => (fields: LogFields, message: string) => {
    lines.push([level, fields, message])
  }
  const logger = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
  const tap = new Tapped(storage)
  const app = new Quayside({ storage: tap.open, clock, logger, ...options })

  /** Defines a job whose types do not matter. */
  const job = (name: string, spec: Spec = {}): Job<unknown[]> => app.job<never[]>(name, spec as never) as never
  /** A job that notes its first argument. */
  const noting = (name = 'Note', spec: Spec = {}) => {
    const noted: unknown[] = []
    return { noted, job: job(name, { perform: async (note: unknown) => void noted.push(note), ...spec }) }
  }
  /** Starts a worker, and waits until it has looked at its queues once. */
  const work = async (worked: WorkOptions = {}): Promise<Worker> => {
    const worker = app.work(worked)
    await rest()
    return worker
  }
  /** All events of these names, as they come. */
  const heard = <N extends EventName>(...names: N[]): [N, never][] => {
    const list: [N, never][] = []
    for (const name of names) app.on(name, (event) => list.push([name, event as never]))
    return list
  }
  /** The storage itself: what is done with it nobody hears. */
  const inner = async (): Promise<Storage> => {
    if (!tap.inner) await app.queues()
    return tap.inner as Storage
  }
  const end = async () => {
    tap.weather = 'fair'
    const closing = app.close()
    for (let minute = 0; minute < 3; minute++) await pass(clock, MINUTE)
    await closing
  }
  onTestFinished(end)
  return { app, clock, tap, lines, job, noting, work, heard, inner, pass: (ms: number) => pass(clock, ms) }
}

export type Spec = Omit<JobSpec<never>, 'perform'> & { perform?: (this: Run, ...args: never[]) => unknown }

/** A promise, and what settles it. */
export function later<T = void>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** Resolves, with its reason, when a signal fires. */
export function aborted(signal: AbortSignal): Promise<Error> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)))
}

/** What a promise rejects with. */
export async function rejection(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; outcome?: string; path?: string }> {
  const answer = await promise.then(
    (value) => ({ value }),
    (error: Error) => ({ error }),
  )
  if ('error' in answer) return answer.error
  throw new Error(`nothing was thrown; the answer was ${JSON.stringify(answer.value)}`)
}
