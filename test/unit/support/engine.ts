import type { App } from '../../../src/app.ts'
import type { Context, Push } from '../../../src/context.ts'
import { EventBus, type EventName } from '../../../src/events.ts'
import type { Job, JobSpec } from '../../../src/job.ts'
import { KnownJids } from '../../../src/known-jids.ts'
import type { LogFields, Logger, LogLevel } from '../../../src/logger.ts'
import { MiddlewareChain } from '../../../src/middleware.ts'
import { type Payload, toSeconds } from '../../../src/payload.ts'
import type { Run } from '../../../src/run.ts'
import { Task } from '../../../src/worker/task.ts'
import type { Worker } from '../../../src/worker/worker.ts'
import { ManualClock } from '../../conformance/manual-clock.ts'

export type Line = readonly [level: LogLevel, fields: LogFields, message: string]

/** A logger that keeps its lines. */
export function keepingLogger(): { readonly lines: Line[]; readonly logger: Logger } {
  const lines: Line[] = []
  const keep = (level: LogLevel) => (fields: LogFields, message: string) => {
    lines.push([level, fields, message])
  }
  return { lines, logger: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') } }
}

type Spec = Omit<JobSpec<never>, 'perform'> & { perform?: (this: Run, ...args: never[]) => unknown }

/** What `execute` needs of an app, and no more: there is no storage anywhere near. */
export function engine(specs: Readonly<Record<string, Spec>> = {}) {
  const { lines, logger } = keepingLogger()
  const clock = new ManualClock()
  const events = new EventBus((error) => {
    throw error
  })
  const workerMiddleware = new MiddlewareChain<Run>()
  const jobs = new Map(Object.entries(specs).map(([name, spec]) => [name, { name, spec } as unknown as Job<never>]))
  const app = { isTheApp: true } as unknown as App
  const clientMiddleware = new MiddlewareChain<Push>()
  const storage = () => Promise.reject(new Error('there is no storage here'))
  const rest = {
    app,
    clientMiddleware,
    errorHandlers: [],
    deathHandlers: [],
    workers: new Set<Worker>(),
    known: new KnownJids(),
    dead: { max: 100, forMs: 1_000 },
    stamp: toSeconds,
    namespace: '',
    periodic: undefined,
    storage,
  }
  const context: Context = { ...rest, clock, logger, events, jobs, workerMiddleware, ground: { clock, storage } }
  const host = { stopping: false }

  const taskOf = (text: string, recoveries = 0): Task =>
    new Task({ token: 7, queue: 'low', text, recoveries }, context, host)
  const task = (fields: Partial<Payload> = {}, recoveries = 0): Task =>
    taskOf(JSON.stringify({ class: 'Work', args: [], jid: 'j1', queue: 'default', ...fields }), recoveries)

  /** The events of these names, as they come. */
  const heard = (...names: EventName[]): [EventName, unknown][] => {
    const list: [EventName, unknown][] = []
    for (const name of names) events.on(name, (event) => list.push([name, event]))
    return list
  }
  return { clock, events, host, lines, context, workerMiddleware, app, task, taskOf, heard }
}
