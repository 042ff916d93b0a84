import { OptionError } from '../errors.ts'
import { aFunction, aJid, check, checkOptions, queueName, type Rules } from '../options.ts'
import type { Counts, WatchedQueue } from './counts.ts'
import type { WatchedJob } from './watched-job.ts'

/** What somebody watches: a job, a queue, or all counts. */
export interface Watchable {
  readonly jid?: string
  readonly queue?: string
}

export type Watched = WatchedJob | WatchedQueue | Counts

const WATCHABLE: Rules = { jid: aJid, queue: queueName }

/** Throws OptionError. */
export function checkWatch(what: Watchable, onChange: unknown): void {
  checkOptions('app.watch()', what, WATCHABLE)
  check('app.watch(): the callback', onChange, aFunction)
  if (what.jid !== undefined && what.queue !== undefined) {
    throw new OptionError('app.watch() takes a jid or a queue, not both: call it twice.')
  }
}
