import { toMilliseconds, toSeconds } from '../../src/payload.ts'
import type { Storage, StorageSettings } from '../../src/storage.ts'
import { cancel } from './cancel.ts'
import type { Connections } from './connection/connect.ts'
import { examine } from './examine.ts'
import { exchanging } from './exchange.ts'
import { queues, stats, workers } from './inspect.ts'
import { LeaseKeeper } from './lease/lease-keeper.ts'
import { clear, move, pause, remove } from './manage.ts'
import { measure, metrics } from './metrics.ts'
import type { RedisPlan } from './options.ts'
import { page, scan } from './pages.ts'
import { beating, retire, signal } from './presence.ts'
import { push } from './produce.ts'
import { promote } from './promote.ts'
import { recover } from './recover.ts'
import { lock, readDocument, unlock, writeDocument } from './small-things.ts'
import { wipe } from './wipe.ts'

/** The storage of one app. Each method is a room of its own: a plain function over the link to Redis. */
export function storageOn(connections: Connections, plan: RedisPlan, settings: StorageSettings): Storage {
  const { dead, clock } = settings
  const { link, waking, route } = connections
  const keeper = new LeaseKeeper({ ...settings, ...plan, prefix: link.prefix, route: () => route?.toCopy() })
  const stamp = plan.sidekiq === '8' ? toMilliseconds : toSeconds
  const exchange = exchanging(link, dead, waking)
  const versions = plan.sidekiq === '8' ? '8' : '7 8'
  const beat = beating(link, clock, plan.sidekiq === '6.4')
  let closing: Promise<void> | undefined

  return {
    push: (entries, id) => push(link, entries, id),
    async exchange(asked) {
      const answer = await exchange(asked)
      if (asked.limit > 0) waking.claimed(answer.jobs.length)
      return answer
    },
    promote: (limit) => promote(link, limit, stamp),
    beat(report) {
      keeper.beat(report.worker, report.leaseMs)
      return beat(report)
    },
    signal: (worker, what) => signal(link, worker, what),
    recover: (worker) => recover(link, worker),
    retire(worker) {
      keeper.forget(worker)
      return retire(link, worker)
    },
    cancel: (jid) => cancel(link, jid),
    queues: () => queues(link),
    workers: () => workers(link),
    stats: (days) => stats(link, days),
    page: (place, asked) => page(link, place, asked),
    scan: (place, asked) => scan(link, place, asked),
    move: (from, moves) => move(link, from, moves, dead),
    remove: (place, keys) => remove(link, place, keys),
    clear: (place) => clear(link, place),
    pause: (queue, paused) => pause(link, queue, paused),
    wipe: () => wipe(link),
    measure: (samples) => measure(link, samples, versions),
    metrics: (asked) => metrics(link, asked, versions),
    lock: (key, owner, forMs) => lock(link, key, owner, forMs),
    unlock: (key, owner) => unlock(link, key, owner),
    readDocument: (name) => readDocument(link, name),
    writeDocument: (name, text, version, forMs) => writeDocument(link, name, text, version, forMs),
    examine: () => examine(link, clock),
    subscribe: (onWake) => waking.subscribe(onWake),
    close() {
      closing ??= Promise.all([keeper.close(), connections.close()]).then(() => {})
      return closing
    },
  }
}
