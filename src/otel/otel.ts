import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import { contextOf } from '../context.ts'
import { checkOptions, isRecord, oneOf, type Rules, rule } from '../options.ts'
import type { Quayside } from '../quayside.ts'
import { consuming } from './consumer.ts'
import { producing } from './producer.ts'

export interface OtelOptions {
  /** Default: the global one, as it is when this is called. */
  readonly tracerProvider?: TracerProvider
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider
  /**
   * How a run belongs to the trace in which its job was enqueued. 'link' (default): a trace of its own, linked to it,
   * since days may lie between. 'child': the same trace. 'none': not at all.
   */
  readonly propagation?: 'link' | 'child' | 'none'
}

/** Spans and metrics that are being made. */
export interface Otel {
  /** Makes no more of them. */
  stop(): void
}

const NAME = 'quayside'

const provider = (method: string) =>
  rule(`a provider with ${method}()`, (value) => isRecord(value) && typeof value[method] === 'function')

const OPTIONS: Rules = {
  tracerProvider: provider('getTracer'),
  meterProvider: provider('getMeter'),
  propagation: oneOf('link', 'child', 'none'),
}

/**
 * Makes a span for each enqueue and for each run, and a histogram of how long runs took, by the semantic conventions of
 * OpenTelemetry for messaging. The trace travels in the payload's `traceparent` and `tracestate`, where
 * OpenTelemetry for Ruby's Sidekiq has it too: traces go through both languages.
 */
export function otel(app: Quayside, options: OtelOptions = {}): Otel {
  checkOptions('otel()', options, OPTIONS)
  const { tracerProvider = trace, meterProvider = metrics, propagation = 'link' } = options
  const tracer = tracerProvider.getTracer(NAME)
  const duration = meterProvider.getMeter(NAME).createHistogram('messaging.process.duration', {
    unit: 's',
    description: 'Duration of runs.',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] },
  })
  const producer = producing(tracer, propagation !== 'none')
  const consumer = consuming(tracer, duration, contextOf(app).clock, propagation)
  app.clientMiddleware.add(producer)
  // Outermost: what other middleware does belongs to the run.
  app.workerMiddleware.prepend(consumer)
  return {
    stop() {
      app.clientMiddleware.remove(producer)
      app.workerMiddleware.remove(consumer)
    },
  }
}
