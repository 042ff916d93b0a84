import type { Cron, CronState } from '../../cron/cron.ts'
import { hasCode } from '../../errors.ts'
import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { EXIT, UsageError } from '../failure.ts'
import { relative } from '../output/age.ts'
import { confirm, YES_OPTION } from '../output/confirm.ts'
import { fit } from '../output/fit.ts'
import { type Column, table } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { LIMIT_OPTION, limitOf } from '../shelves/filter.ts'

const ACTS = ['list', 'next', 'pause', 'resume', 'run', 'remove'] as const
type Act = (typeof ACTS)[number]

/** Ticks that `next` shows. */
const SHOWN = 5

/** Shows the periodic jobs, and what can be done to one. */
export const cron: Command = command({
  name: 'cron',
  summary: 'Shows the periodic jobs, pauses them, runs them',
  usage: 'cron [list | next|pause|resume|run|remove NAME]',
  options: { limit: LIMIT_OPTION, yes: YES_OPTION, ...APP_OPTIONS },
  operands: [0, 2],
  notes: [
    'What is paused stays so over deploys. run enqueues the job now, and changes nothing of its ticks. remove is for entries that no list has any more: one that is on a list comes back when a worker starts.',
  ],
  examples: [
    ['cron', 'all of them'],
    ['cron next daily-cleanup -n 10', 'its next ticks'],
    ['cron pause daily-cleanup', 'no more ticks until resume'],
    ['cron run daily-cleanup', 'now'],
  ],
  run: (invocation) =>
    withApp(invocation, async (app) => {
      const { operands, options, terminal } = invocation
      const [act, name] = actOf(operands)
      const periodic = await app.cron()
      if (act === 'remove') await confirm(`remove the periodic job ${name}?`, options.yes, terminal)
      const answer = await answerOf(periodic, act, name, limitOf(options.limit, SHOWN)).catch(explained)
      if (options.json) terminal.json(answer)
      else terminal.print(shown(act, name, answer, terminal))
      return EXIT.done
    }),
})

function actOf([act = 'list', name]: readonly string[]): [Act, string] {
  if (!ACTS.includes(act as Act)) throw new UsageError(`quayside cron has no ${act}; there are ${ACTS.join(', ')}`)
  if (act !== 'list' && name === undefined)
    throw new UsageError(`quayside cron ${act} needs the name of a periodic job`)
  return [act as Act, name ?? '']
}

type Answer = readonly CronState[] | readonly Date[] | { readonly jid: string | null } | { readonly removed: boolean }

async function answerOf(periodic: Cron, act: Act, name: string, limit: number): Promise<Answer> {
  if (act === 'next') return periodic.next(name, limit)
  if (act === 'run') return { jid: await periodic.run(name) }
  if (act === 'remove') return { removed: await periodic.remove(name) }
  if (act === 'pause') await periodic.pause(name)
  if (act === 'resume') await periodic.resume(name)
  return periodic.list()
}

/** The name is the user's own, and so is the mistake. */
function explained(error: unknown): never {
  if (hasCode(error, 'ERR_OPTION')) throw new UsageError((error as Error).message, { cause: error })
  throw error
}

function shown(act: Act, name: string, answer: Answer, terminal: Terminal): string {
  if ('jid' in answer) return answer.jid ?? 'Not enqueued: such a job is there already, or a middleware refused it.'
  if ('removed' in answer) return answer.removed ? `${name} is removed.` : `There is no ${name}.`
  if (act === 'next') return (answer as readonly Date[]).map((at) => `${at.toISOString()}  ${relative(at)}`).join('\n')
  return list(answer as readonly CronState[], terminal)
}

const COLUMNS: readonly Column[] = ['NAME', 'CRON', 'ZONE', 'JOB', 'LAST', 'NEXT'].map((title) => ({ title }))

function list(entries: readonly CronState[], { paint }: Terminal): string {
  if (entries.length === 0) return 'There are no periodic jobs.'
  const rows = entries.map(({ name, cron, timezone, class: job, lastAt, nextAt, paused, enabled }) => {
    const next = paused ? paint('yellow', 'paused') : enabled && nextAt ? relative(nextAt) : 'never'
    return [fit(name, 24), fit(cron, 18), fit(timezone, 16), fit(job, 24), lastAt ? relative(lastAt) : '-', next]
  })
  return table(COLUMNS, rows)
}
