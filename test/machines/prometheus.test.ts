import parse, { type Family } from 'parse-prometheus-text-format'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { OptionError, Quayside } from '../../src/index.ts'
import { type Prometheus, type PrometheusOptions, prometheus } from '../../src/prometheus/index.ts'

function opened(options?: PrometheusOptions): { app: Quayside; metrics: Prometheus } {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  onTestFinished(() => app.close())
  return { app, metrics: prometheus(app, options) }
}

/** A scrape as a parser of the format reads it, by name. */
async function scrape(metrics: Prometheus): Promise<Record<string, Family>> {
  const families = parse(await (await metrics.handle()).text())
  return Object.fromEntries(families.map((family) => [family.name, family]))
}

test('tells sizes, latencies, totals and workers', async () => {
  const { app, metrics } = opened()
  const Charge = app.job('Charge', { queue: 'critical', async perform(_id: number) {} })
  await Charge.performBulk([[1], [2]])
  await Charge.performIn('1h', 3)
  await app.queue('low "x"'.replace(/\W/g, '_')).pause()
  const response = await metrics.handle()
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')

  const waiting = await scrape(metrics)
  expect(waiting.quayside_up).toMatchObject({ type: 'GAUGE', metrics: [{ value: '1' }] })
  expect(waiting.quayside_queue_size?.metrics).toContainEqual({ value: '2', labels: { queue: 'critical' } })
  expect(waiting.quayside_queue_paused?.metrics).toContainEqual({ value: '1', labels: { queue: 'low__x_' } })
  expect(waiting.quayside_set_size?.metrics).toContainEqual({ value: '1', labels: { set: 'scheduled' } })
  expect(waiting.quayside_worker_slots?.metrics).toEqual([{ value: '0' }])

  const worker = app.work({ concurrency: 7 })
  await new Promise<void>((resolve) => {
    app.on('job:completed', ({ payload }) => payload.args[0] === 2 && resolve())
  })
  await worker.quiet()
  await worker.stop()
  const done = await scrape(metrics)
  expect(done.quayside_jobs_processed_total).toMatchObject({ type: 'COUNTER', metrics: [{ value: '2' }] })
  expect(done.quayside_queue_size?.metrics).toContainEqual({ value: '0', labels: { queue: 'critical' } })
  expect(done.quayside_jobs_enqueued_total?.metrics).toEqual([
    { value: '3', labels: { job: 'Charge', queue: 'critical' } },
  ])
  expect(done.quayside_job_duration_seconds).toMatchObject({
    type: 'HISTOGRAM',
    metrics: [{ buckets: { '300': '2' } }],
  })
  // The parser leaves out the labels of histograms.
  const labels = 'job="Charge",queue="critical",outcome="completed"'
  expect(await metrics.register.metrics()).toContain(`quayside_job_duration_seconds_count{${labels}} 2\n`)
})

test('counts failures and deaths; names that no job has are one', async () => {
  const { app, metrics } = opened()
  app.job('Fails', {
    retry: 0,
    async perform() {
      throw new Error('no')
    },
  })
  const died: string[] = []
  const bothDied = new Promise<void>((resolve) => {
    app.on('job:died', ({ job }) => died.push(job) === 2 && resolve())
  })
  await app.client.push({ class: 'Fails', args: [], retry: 0 })
  await app.client.push({ class: 'Stranger', args: [], retry: 0 })
  app.work()
  await bothDied
  const { quayside_jobs_died_total: deaths } = await scrape(metrics)
  expect(deaths?.metrics.map(({ labels }) => labels?.job).sort()).toEqual(['(undefined)', 'Fails'])
  const text = await metrics.register.metrics()
  for (const job of ['Fails', '(undefined)']) {
    expect(text).toContain(`quayside_job_duration_seconds_count{job="${job}",queue="default",outcome="failed"} 1\n`)
  }
})

test('asks the storage once for a scrape, and says that it is away', async () => {
  let isAway = false
  let asked = 0
  const inner = memoryStorage()
  const app = new Quayside({
    logger: false,
    storage: async (settings) => {
      const storage = await inner(settings)
      const stats = storage.stats.bind(storage)
      return Object.assign(storage, {
        async stats(days: number) {
          asked++
          if (isAway) throw new Error('away')
          return stats(days)
        },
      })
    },
  })
  onTestFinished(() => app.close())
  const metrics = prometheus(app)
  await app.client.push({ class: 'Any', args: [] })
  await scrape(metrics)
  expect(asked).toBe(1)
  isAway = true
  const away = await scrape(metrics)
  expect(away.quayside_up?.metrics).toEqual([{ value: '0' }])
  expect(away.quayside_queue_size?.metrics ?? []).toEqual([])
  expect(away.quayside_jobs_running?.metrics ?? []).toEqual([])
  isAway = false
  expect((await scrape(metrics)).quayside_queue_size?.metrics).toEqual([{ value: '1', labels: { queue: 'default' } }])
})

test("adds to somebody's own registry, under names of theirs, and stops counting", async () => {
  const register = new Registry()
  const { app, metrics } = opened({ register, prefix: 'shop_', buckets: [0.1, 1] })
  expect(metrics.register).toBe(register)
  await app.client.push({ class: 'Any', args: [] })
  metrics.stop()
  await app.client.push({ class: 'Any', args: [] })
  const found = await scrape(metrics)
  expect(Object.keys(found).filter((name) => !name.startsWith('shop_'))).toEqual([])
  expect(found.shop_jobs_enqueued_total?.metrics).toMatchObject([{ value: '1' }])
})

test.each([{ prefix: '' }, { buckets: [2, 1] }, { buckets: [] }, { register: {} }, { bucket: [1] }])(
  'refuses %j',
  (options) => {
    expect(() => opened(options as PrometheusOptions)).toThrow(OptionError)
  },
)
