import type { App } from '../../app.ts'
import { type Context, contextOf } from '../../context.ts'

/** The inside of an app; undefined for an app of another copy of this package, which keeps that to itself. */
export function contextIfOurs(app: App): Context | undefined {
  try {
    return contextOf(app)
  } catch {
    return undefined
  }
}
