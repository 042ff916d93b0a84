import {
  type Context,
  context,
  type Histogram,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { Clock } from '../clock.ts'
import { toError } from '../errors.ts'
import type { Middleware } from '../middleware.ts'
import type { Run } from '../run.ts'
import { attributesOf } from './attributes.ts'
import type { OtelOptions } from './otel.ts'

/** A span for each run, active while it goes on, and its duration. */
export function consuming(
  tracer: Tracer,
  duration: Histogram,
  clock: Clock,
  propagated: NonNullable<OtelOptions['propagation']>,
): Middleware<Run> {
  return async (run, next) => {
    const began = clock.monotonic()
    const parent = propagated === 'none' ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, run.payload)
    const span = tracer.startSpan(`process ${run.queue}`, spanOptions(run, parent, propagated === 'child'), parent)
    const outcome: Record<string, string> = {}
    try {
      await context.with(trace.setSpan(context.active(), span), next)
    } catch (thrown) {
      const error = toError(thrown)
      outcome['error.type'] = error.name
      span.setAttribute('error.type', error.name)
      span.recordException(error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
      throw thrown
    } finally {
      span.end()
      const labels = { 'messaging.system': 'quayside', 'messaging.destination.name': run.queue }
      const operation = { 'messaging.operation.name': 'process', 'quayside.job': run.payload.class }
      duration.record((clock.monotonic() - began) / 1_000, { ...labels, ...operation, ...outcome })
    }
  }
}

function spanOptions({ payload, queue, attempt }: Run, parent: Context, isChild: boolean): SpanOptions {
  const enqueued = trace.getSpanContext(parent)
  return {
    kind: SpanKind.CONSUMER,
    attributes: {
      ...attributesOf(payload, queue),
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'quayside.attempt': attempt,
    },
    ...(enqueued && !isChild ? { root: true, links: [{ context: enqueued }] } : {}),
  }
}
