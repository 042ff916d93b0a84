import { context, propagation, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { Push } from '../context.ts'
import type { Middleware } from '../middleware.ts'
import { attributesOf } from './attributes.ts'

/**
 * A span for each enqueue: of what client middleware behind this one does. Storing comes after the chain, many jobs in
 * one call, and is in no span.
 *
 * @param carries whether the payload takes the trace along
 */
export function producing(tracer: Tracer, carries: boolean): Middleware<Push> {
  return async ({ payload, delayMs }, next) => {
    const attributes = {
      ...attributesOf(payload, payload.queue),
      'messaging.operation.name': 'enqueue',
      'messaging.operation.type': 'send',
      ...(delayMs > 0 && { 'quayside.delay_ms': delayMs }),
    }
    const span = tracer.startSpan(`enqueue ${payload.queue}`, { kind: SpanKind.PRODUCER, attributes })
    const inSpan = trace.setSpan(context.active(), span)
    try {
      if (carries) propagation.inject(inSpan, payload)
      await context.with(inSpan, next)
    } catch (error) {
      span.recordException(error as Error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message })
      throw error
    } finally {
      span.end()
    }
  }
}
