import type { App } from './app.ts'
import type { Clock } from './clock.ts'
import type { Periodic } from './cron/periodic.ts'
import type { Draft } from './draft.ts'
import { OptionError } from './errors.ts'
import type { EventBus } from './events.ts'
import type { Job } from './job.ts'
import type { KnownJids } from './known-jids.ts'
import type { Logger } from './logger.ts'
import type { MiddlewareChain } from './middleware.ts'
import { describe } from './options.ts'
import type { Payload, Stamp } from './payload.ts'
import type { Run } from './run.ts'
import type { Storage, StorageSettings } from './storage.ts'
import type { Worker } from './worker/worker.ts'

/** What an app stands on: where its jobs go, and whose time it lives in. Tests put other ground under it for a while. */
export interface Ground {
  readonly clock: Clock
  /** The storage: itself once it is open, a promise before. */
  storage(): Storage | Promise<Storage>
  /** Why no worker may start here, if none may. */
  readonly noWorker?: string
  /** Sees jobs as soon as they are pushed, before any middleware; what it answers is what their caller awaits. */
  onPush?<T>(drafts: readonly Draft[], stored: Promise<T>): Promise<T>
  /** Called with each job that was stored, before its caller hears of it; an error reaches the caller. */
  onStored?(draft: Draft): Promise<void>
}

/** What the rooms of one app share. */
export interface Context {
  readonly app: App
  /** What the app stands on now. */
  ground: Ground
  /** The ground's clock, and its storage. */
  readonly clock: Clock
  readonly logger: Logger
  readonly events: EventBus
  readonly jobs: ReadonlyMap<string, Job<never>>
  readonly clientMiddleware: MiddlewareChain<Push>
  readonly workerMiddleware: MiddlewareChain<Run>
  readonly errorHandlers: readonly ErrorHandler[]
  readonly deathHandlers: readonly DeathHandler[]
  /** Those that this app started and that have not stopped. */
  readonly workers: Set<Worker>
  /** The jids that it heard of last. */
  readonly known: KnownJids
  /** How instants are written into payloads. */
  readonly stamp: Stamp
  readonly namespace: string
  /** Once `app.cron` was called: only then is its code loaded. */
  periodic: Periodic | undefined
  /** The limits of the dead set. */
  readonly dead: StorageSettings['dead']
  storage(): Storage | Promise<Storage>
}

/** A job on its way in, as client middleware sees it. */
export interface Push {
  /** Change it freely: what it is when the chain ends is what is stored. */
  readonly payload: Payload
  /** Milliseconds until it is due; 0 for a job that can run now. */
  readonly delayMs: number
  readonly app: App
}

/**
 * Told of every error of a run, and of those in listeners; `payload` is missing where no job is to blame.
 */
export type ErrorHandler = (error: Error, about: { readonly payload?: Payload; readonly message: string }) => unknown

/** Told when a job dies or is given up for good. */
export type DeathHandler = (payload: Payload, error: Error) => unknown

const contexts = new WeakMap<object, Context>()

/** Keeps the context of an app, or of a job of it, where only our own rooms find it. */
export function keepContext(owner: App | Job<never>, context: Context): Context {
  contexts.set(owner, context)
  return context
}

/** The context of an app, or of a job's app. Throws OptionError for what is neither. */
export function contextOf(owner: App | Job<never>): Context {
  const context = contexts.get(owner)
  if (!context)
    throw new OptionError(`Expected an app, made by new Quayside(), or a job of it; got ${describe(owner)}.`)
  return context
}
