import type { Attributes } from '@opentelemetry/api'
import type { Payload } from '../payload.ts'

/**
 * What spans of a job say of it, as https://opentelemetry.io/docs/specs/semconv/messaging/ has it. Never arguments: they
 * may be anybody's secrets.
 */
export function attributesOf({ class: job, jid }: Payload, queue: string): Attributes {
  return {
    'messaging.system': 'quayside',
    'messaging.destination.name': queue,
    'messaging.message.id': jid,
    'quayside.job': job,
  }
}
