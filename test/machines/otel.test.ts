import { context, metrics, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { OptionError, Quayside } from '../../src/index.ts'
import { type OtelOptions, otel } from '../../src/otel/index.ts'

const spans = new InMemorySpanExporter()
const durations = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter: durations, exportIntervalMillis: 3_600_000 })
const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans } as never)] })
const meterProvider = new MeterProvider({ readers: [reader] })

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
})
beforeEach(() => spans.reset())
afterAll(async () => {
  for (const api of [context, propagation, trace, metrics]) api.disable()
  await meterProvider.shutdown()
})

function opened(options: OtelOptions = {}): Quayside {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  onTestFinished(() => app.close())
  otel(app, { tracerProvider, meterProvider, ...options })
  return app
}

/** Enqueues within a span called `request`, has it performed, and answers all spans by name. */
async function traced(app: Quayside): Promise<Record<string, ReadableSpan>> {
  const Charge = app.job('Charge', {
    queue: 'critical',
    async perform(_card: string) {
      trace.getTracer('test').startSpan('ignored').end()
      tracerProvider.getTracer('test').startSpan('gateway').end()
    },
  })
  const over = new Promise((resolve) => app.on('job:completed', resolve))
  await tracerProvider.getTracer('test').startActiveSpan('request', async (request) => {
    await Charge.performAsync('4111 1111 1111 1111')
    request.end()
  })
  app.work()
  await over
  return Object.fromEntries(spans.getFinishedSpans().map((span) => [span.name, span]))
}

const traceOf = (span: ReadableSpan | undefined) => span?.spanContext().traceId
const idOf = (span: ReadableSpan | undefined) => span?.spanContext().spanId

test('an enqueue is part of the trace it was made in; the run is a trace of its own, linked to it', async () => {
  const { request, 'enqueue critical': sent, 'process critical': run, gateway } = await traced(opened())
  expect(sent?.kind).toBe(SpanKind.PRODUCER)
  expect(sent?.parentSpanContext?.spanId).toBe(idOf(request))
  expect(run?.kind).toBe(SpanKind.CONSUMER)
  expect(traceOf(run)).not.toBe(traceOf(request))
  expect(run?.links.map((link) => link.context.spanId)).toEqual([idOf(sent)])
  expect(gateway?.parentSpanContext?.spanId).toBe(idOf(run))
  expect(run?.attributes).toMatchObject({
    'messaging.system': 'quayside',
    'messaging.destination.name': 'critical',
    'messaging.message.id': sent?.attributes['messaging.message.id'],
    'messaging.operation.type': 'process',
    'quayside.job': 'Charge',
    'quayside.attempt': 1,
  })
  expect(JSON.stringify([sent?.attributes, run?.attributes])).not.toContain('4111')
})

test('the run can be part of the same trace, or of none', async () => {
  const child = await traced(opened({ propagation: 'child' }))
  expect(child['process critical']?.parentSpanContext?.spanId).toBe(idOf(child['enqueue critical']))
  expect(child['process critical']?.links).toEqual([])
  spans.reset()
  const none = await traced(opened({ propagation: 'none' }))
  expect(none['process critical']?.links).toEqual([])
  expect(traceOf(none['process critical'])).not.toBe(traceOf(none.request))
})

test('the trace travels where Ruby has it', async () => {
  const app = opened()
  await app.client.push({ class: 'Elsewhere', args: [] })
  const [job] = (await app.queue('default').page()).jobs
  const [span] = spans.getFinishedSpans()
  expect(job?.payload?.traceparent).toBe(`00-${traceOf(span)}-${idOf(span)}-01`)
})

test('a failure is told, in the span and in the histogram', async () => {
  const app = opened()
  app.job('Fails', {
    retry: 0,
    async perform() {
      throw Object.assign(new Error('no money'), { name: 'Refused' })
    },
  })
  const died = new Promise((resolve) => app.on('job:died', resolve))
  await app.client.push({ class: 'Fails', args: [], retry: 0, traceparent: { not: 'a text' } })
  app.work()
  await died
  const run = spans.getFinishedSpans().find(({ name }) => name === 'process default')
  expect(run?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no money' })
  expect(run?.events.map(({ name }) => name)).toEqual(['exception'])
  await reader.forceFlush()
  const measured = durations.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  const histogram = measured.find(({ descriptor }) => descriptor.name === 'messaging.process.duration')
  const failed = histogram?.dataPoints.find(({ attributes }) => attributes['quayside.job'] === 'Fails')
  expect(failed?.attributes).toMatchObject({ 'error.type': 'Refused', 'messaging.destination.name': 'default' })
  expect(failed?.value).toMatchObject({ count: 1 })
})

test('stops, and refuses what it does not know', async () => {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  onTestFinished(() => app.close())
  otel(app, { tracerProvider }).stop()
  await app.client.push({ class: 'Any', args: [] })
  expect(spans.getFinishedSpans()).toEqual([])
  expect(() => otel(app, { propagation: 'parent' as never })).toThrow(OptionError)
  expect(() => otel(app, { tracerProvider: {} as never })).toThrow(OptionError)
})
