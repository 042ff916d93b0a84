import type { Context } from './context.ts'
import { toError } from './errors.ts'
import type { Payload } from './payload.ts'

/** Logs an error that stops nothing, and tells the error handlers. */
export function report(context: Context, thrown: unknown, message: string): void {
  const error = toError(thrown)
  context.logger.error({ error }, message)
  tellErrorHandlers(context, error, { message })
}

/** Every error handler hears, whatever another one throws. */
export async function tellErrorHandlers(
  context: Context,
  error: Error,
  about: { readonly payload?: Payload; readonly message: string },
): Promise<void> {
  for (const handler of context.errorHandlers) {
    await guarded(context, 'an error handler threw', () => handler(error, about))
  }
}

/** Every death handler hears, whatever another one throws. */
export async function tellDeathHandlers(context: Context, payload: Payload, error: Error): Promise<void> {
  for (const handler of context.deathHandlers) {
    await guarded(context, 'a death handler threw', () => handler(payload, error))
  }
}

/** What a user's callback answers. What it throws is logged, not told to the error handlers: it may be one of them. */
export async function guarded(context: Context, message: string, call: () => unknown): Promise<unknown> {
  try {
    return await call()
  } catch (thrown) {
    context.logger.error({ error: toError(thrown) }, message)
    return undefined
  }
}
