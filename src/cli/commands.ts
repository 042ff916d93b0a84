import type { Command } from './command.ts'
import { clear } from './commands/clear.ts'
import { cron } from './commands/cron.ts'
import { dashboard } from './commands/dashboard.ts'
import { deleteJobs } from './commands/delete.ts'
import { doctor } from './commands/doctor.ts'
import { enqueue } from './commands/enqueue.ts'
import { generate } from './commands/generate.ts'
import { health } from './commands/health.ts'
import { init } from './commands/init.ts'
import { jobs } from './commands/jobs.ts'
import { kill } from './commands/kill.ts'
import { pause, resume } from './commands/pause.ts'
import { retry } from './commands/retry.ts'
import { stats } from './commands/stats.ts'
import { work } from './commands/work.ts'

/** All words after `quayside` but help, in the order in which it lists them. */
export const COMMANDS: readonly Command[] = [
  work,
  health,
  stats,
  dashboard,
  doctor,
  jobs,
  retry,
  kill,
  deleteJobs,
  clear,
  pause,
  resume,
  enqueue,
  cron,
  generate,
  init,
]
