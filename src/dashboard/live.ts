import { respondJson } from './respond.ts'
import { type Route, route } from './route.ts'
import type { Visit } from './visit.ts'

/** Queues whose numbers are told live: more than anybody looks at at once. */
const MOST_QUEUES = 200

/**
 * What the script of a page polls. `texts` are what stands in the elements of that name (`data-live`), in the reader's
 * language; `totals` are numbers, for charts.
 */
export interface Live {
  readonly atMs: number
  readonly texts: Readonly<Record<string, string>>
  readonly totals: { readonly processed: number; readonly failed: number }
}

export const live: Route = route({
  method: 'GET',
  path: '/live.json',
  may: 'look',
  takes: {},
  answer: async (visit) => respondJson(await liveOf(visit)),
})

async function liveOf({ app, clock, locale }: Visit): Promise<Live> {
  const [{ processed, failed, enqueued, scheduled, retry, dead, workers, running }, queues] = await Promise.all([
    app.stats({ days: 0 }),
    app.queues(),
  ])
  const counts = { processed, failed, enqueued, scheduled, retry, dead, workers, running }
  const texts = Object.entries(counts).map(([name, count]) => [name, locale.number(count)])
  const ofQueues = queues.slice(0, MOST_QUEUES).flatMap(({ name, size, latencyMs }) => [
    [`queue:${name}:size`, locale.number(size)],
    [`queue:${name}:latency`, locale.duration(latencyMs)],
  ])
  return { atMs: clock.now(), texts: Object.fromEntries([...texts, ...ofQueues]), totals: { processed, failed } }
}
