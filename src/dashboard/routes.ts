import { busyActions } from './actions/busy.ts'
import { jobActions } from './actions/jobs.ts'
import { oneJobActions } from './actions/one-job.ts'
import { periodicActions } from './actions/periodic.ts'
import { setPreferences } from './actions/preferences.ts'
import { queueActions } from './actions/queues.ts'
import { asset } from './assets.ts'
import { live } from './live.ts'
import { bulkPage, stopBulk } from './pages/bulk.ts'
import { busy } from './pages/busy.ts'
import { failures } from './pages/failures.ts'
import { job } from './pages/job.ts'
import { jobs } from './pages/jobs.ts'
import { metrics, metricsOfJob } from './pages/metrics.ts'
import { overview } from './pages/overview.ts'
import { periodic } from './pages/periodic.ts'
import { queues } from './pages/queues.ts'
import type { Route } from './route.ts'

/** All that the dashboard can be asked. The first that matches holds. */
export const routes: readonly Route[] = [
  asset,
  live,
  overview,
  busy,
  ...busyActions,
  queues,
  ...queueActions,
  failures,
  metrics,
  metricsOfJob,
  periodic,
  ...periodicActions,
  bulkPage,
  ...stopBulk,
  setPreferences,
  ...jobActions,
  ...oneJobActions,
  ...job,
  ...jobs,
]
