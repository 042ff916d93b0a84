import { durationMs } from '../../duration.ts'
import { APP_OPTIONS, withApp } from '../app/open-app.ts'
import { type Command, command } from '../command.ts'
import { EXIT, Failure, UsageError } from '../failure.ts'
import { checkedQueue } from '../shelves/queue-name.ts'

/** Enqueues a job by hand. */
export const enqueue: Command = command({
  name: 'enqueue',
  summary: 'Enqueues a job',
  usage: "enqueue NAME ['[ARGUMENTS]']",
  options: {
    queue: { type: 'string', short: 'q', value: 'NAME', help: "default: the job's own with -r FILE, else default" },
    in: { type: 'string', value: 'DURATION', help: 'perform it so much later: 10m, 1.5h' },
    at: { type: 'string', value: 'TIME', help: 'perform it at this time: 2026-12-24T08:00Z' },
    ...APP_OPTIONS,
  },
  operands: [1, 2],
  notes: ['ARGUMENTS are a JSON array. With -r FILE the name is checked, and the options of the job hold.'],
  examples: [
    [`enqueue Charge '[7, "visa"]'`, 'now'],
    [`enqueue Report '["May"]' --queue low --in 10m`, 'later'],
  ],
  run: (invocation) =>
    withApp(invocation, async (app) => {
      const { options, operands, terminal } = invocation
      const [name = '', text = '[]'] = operands
      const job = app.jobs.get(name)
      if (app.jobs.size > 0 && !job)
        throw new Failure(`the app defines no job ${name}; it has ${[...app.jobs.keys()].join(', ')}`)
      if (options.queue !== undefined) checkedQueue(options.queue)
      const args = argumentsOf(text)
      const waitMs = delayOf(options.in, options.at)
      const enqueuer = (job ?? app.job(name)).set({
        ...(options.queue !== undefined && { queue: options.queue }),
        ...(waitMs > 0 && { wait: { milliseconds: waitMs } }),
      })
      const jid = await (enqueuer.performAsync as (...args: unknown[]) => Promise<string | null>)(...args)
      if (options.json) terminal.json({ jid })
      else
        terminal.print(jid ?? 'Not enqueued: such a job is there already (it is unique), or a middleware refused it.')
      return jid === null ? EXIT.failed : EXIT.done
    }),
})

function argumentsOf(text: string): unknown[] {
  let args: unknown
  try {
    args = JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`the arguments are no JSON: ${(cause as Error).message}`, { cause })
  }
  if (!Array.isArray(args)) throw new UsageError(`the arguments must be a JSON array: '[${text}]'`)
  const huge = text.replace(/"(?:\\.|[^"\\])*"/g, '""').match(/-?\d{16,}(?![\d.eE])/)?.[0]
  if (huge !== undefined && !Number.isSafeInteger(Number(huge))) {
    throw new UsageError(`${huge} is too large for a number of JavaScript: pass it as a string`)
  }
  return args
}

function delayOf(wait: string | undefined, at: string | undefined): number {
  if (wait !== undefined && at !== undefined) throw new UsageError('--in or --at, not both')
  if (wait !== undefined) {
    const ms = durationMs(wait)
    if (ms === undefined) throw new UsageError(`--in needs a duration such as 10m; got ${wait}`)
    return ms
  }
  if (at === undefined) return 0
  const due = Date.parse(at)
  if (Number.isNaN(due)) throw new UsageError(`--at needs a time such as 2026-12-24T08:00Z; got ${at}`)
  return due - Date.now()
}
