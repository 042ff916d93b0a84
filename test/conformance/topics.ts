import type { Test } from './store.ts'
import { bytes } from './topics/bytes.ts'
import { cancelling } from './topics/cancel.ts'
import { claiming } from './topics/claim.ts'
import { connections } from './topics/connection.ts'
import { deadSet } from './topics/dead-set.ts'
import { documents } from './topics/documents.ts'
import { large } from './topics/large.ts'
import { locks } from './topics/locks.ts'
import { managing } from './topics/manage.ts'
import { metrics } from './topics/metrics.ts'
import { names } from './topics/names.ts'
import { namespaces } from './topics/namespaces.ts'
import { pages } from './topics/pages.ts'
import { poison } from './topics/poison.ts'
import { presence } from './topics/presence.ts'
import { promoting } from './topics/promote.ts'
import { pushing } from './topics/push.ts'
import { queues } from './topics/queues.ts'
import { races } from './topics/races.ts'
import { recovery } from './topics/recovery.ts'
import { requests } from './topics/requests.ts'
import { settling } from './topics/settle.ts'
import { statistics } from './topics/statistics.ts'
import { uniqueJobs } from './topics/unique.ts'
import { waking } from './topics/wake.ts'
import { watchings } from './topics/watch.ts'

/** In the order in which to make a new storage fulfil them. */
export const topics: readonly (readonly [name: string, tell: (test: Test) => void])[] = [
  ['push', pushing],
  ['claim', claiming],
  ['settle', settling],
  ['requests', requests],
  ['queues', queues],
  ['promote', promoting],
  ['presence', presence],
  ['recovery', recovery],
  ['poison', poison],
  ['unique jobs', uniqueJobs],
  ['cancel', cancelling],
  ['pages', pages],
  ['manage', managing],
  ['dead set', deadSet],
  ['statistics', statistics],
  ['metrics', metrics],
  ['locks', locks],
  ['documents', documents],
  ['namespaces', namespaces],
  ['names', names],
  ['connection', connections],
  ['wake', waking],
  ['watch', watchings],
  ['bytes', bytes],
  ['races', races],
  ['large', large],
]
