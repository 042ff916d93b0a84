import type { QueueState, WorkerState } from '../../storage.ts'
import { age } from '../output/age.ts'
import { count } from '../output/count.ts'
import { fit } from '../output/fit.ts'
import { type Column, table } from '../output/table.ts'
import type { Paint } from '../output/terminal.ts'
import type { Rates, Snapshot } from './snapshot.ts'

/** What the view has to fit in. */
export interface Frame {
  readonly columns: number
  /** Lines of each table; what is more is only counted. */
  readonly rows: number
  readonly paint: Paint
}

/** Everything on one screen, as lines. */
export function view({ stats, queues, workers }: Snapshot, rates: Rates, frame: Frame): string[] {
  const { paint } = frame
  const dead = count(stats.dead, 'dead', 'dead')
  return [
    [
      `${count(stats.enqueued, 'enqueued', 'enqueued')}`,
      `${stats.running.toLocaleString('en')} running`,
      `${stats.scheduled.toLocaleString('en')} scheduled`,
      `${stats.retry.toLocaleString('en')} to retry`,
      stats.dead > 0 ? paint('red', dead) : dead,
    ].join('  '),
    `${stats.processed.toLocaleString('en')} processed (${perSecond(rates.processed)})  ` +
      `${stats.failed.toLocaleString('en')} failed (${perSecond(rates.failed)})`,
    '',
    ...queueLines(queues, workers, frame),
    '',
    ...workerLines(workers, frame),
  ]
}

const perSecond = (rate: number): string => `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en')}/s`

const QUEUE_COLUMNS: readonly Column[] = [
  { title: 'QUEUE' },
  { title: 'SIZE', align: 'right' },
  { title: 'LATENCY', align: 'right' },
  { title: 'WORKERS', align: 'right' },
  { title: '' },
]

function queueLines(queues: readonly QueueState[], workers: readonly WorkerState[], frame: Frame): string[] {
  if (queues.length === 0) return [frame.paint('dim', 'There are no queues yet.')]
  const rows = queues.map(({ name, size, latencyMs, paused }) => {
    const served = workers.filter((worker) => !worker.quiet && worker.queues.includes(name)).length
    const isForgotten = size > 0 && served === 0
    const note = paused ? frame.paint('yellow', 'paused') : isForgotten ? frame.paint('red', 'nobody listens') : ''
    return [fit(name, 30), size.toLocaleString('en'), size > 0 ? age(latencyMs) : '-', String(served), note]
  })
  return bounded(QUEUE_COLUMNS, rows, frame)
}

const WORKER_COLUMNS: readonly Column[] = [
  { title: 'WORKER' },
  { title: 'BUSY', align: 'right' },
  { title: 'UP', align: 'right' },
  { title: 'QUEUES' },
]

function workerLines(workers: readonly WorkerState[], frame: Frame): string[] {
  if (workers.length === 0) return [frame.paint('yellow', 'No worker lives.')]
  const rows = workers.map(({ worker, running, concurrency, startedAt, queues, quiet }) => [
    fit(worker, 34),
    `${running.length}/${concurrency}`,
    age(Date.now() - startedAt),
    fit(`${quiet ? '(quiet) ' : ''}${queues.join(', ')}`, Math.max(10, frame.columns - 56)),
  ])
  return bounded(WORKER_COLUMNS, rows, frame)
}

function bounded(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { rows: most, paint }: Frame,
): string[] {
  const [titles = '', ...lines] = table(columns, rows.slice(0, most)).split('\n')
  const more = rows.length > most ? [paint('dim', `and ${rows.length - most} more`)] : []
  return [paint('bold', titles), ...lines, ...more]
}
