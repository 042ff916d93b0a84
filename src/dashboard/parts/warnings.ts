import type { QueueState, WorkerState } from '../../storage.ts'
import { type Html, html } from '../html.ts'
import { QUEUE_NAME } from '../place.ts'
import { at } from '../urls.ts'
import type { Visit } from '../visit.ts'

/** What may be wrong with a queue. */
export type Worry = 'unheard' | 'late'

/** A queue that nobody listens on, or whose next job has waited too long. A paused one is meant to wait. */
export function worryOf(queue: QueueState, workers: readonly WorkerState[], lateAfterMs: number): Worry | undefined {
  if (queue.size === 0 || queue.paused) return undefined
  if (!workers.some(({ queues, quiet }) => !quiet && queues.includes(queue.name))) return 'unheard'
  return queue.latencyMs > lateAfterMs ? 'late' : undefined
}

/** More are a disaster that needs no list. */
const MOST_SHOWN = 20

/** All worries about queues. */
export function warnings(
  visit: Visit,
  queues: readonly QueueState[],
  workers: readonly WorkerState[],
): Html | undefined {
  const { locale, settings, urls } = visit
  const worried = queues.flatMap((queue) => {
    const worry = worryOf(queue, workers, settings.lateAfterMs)
    return worry ? [{ queue, worry }] : []
  })
  if (worried.length === 0) return undefined
  const items = worried.slice(0, MOST_SHOWN).map(({ queue: { name, size, latencyMs }, worry }) => {
    const queue = QUEUE_NAME.test(name) ? html`<a href="${urls.to(at`/queues/${name}`)}">${name}</a>` : name
    return worry === 'unheard'
      ? html`<li>${locale.rich('warning_unheard', { queue, count: size })}</li>`
      : html`<li>${locale.rich('warning_late', { queue, wait: locale.duration(latencyMs) })}</li>`
  })
  return html`<section class="warnings" aria-labelledby="warnings"><h2 id="warnings">${locale.t('warnings')}</h2><ul>${items}</ul></section>`
}
