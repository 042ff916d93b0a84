import { contextOf } from '../context.ts'
import type { Quayside } from '../quayside.ts'
import { Bulks } from './bulk.ts'
import { Cursors } from './cursors.ts'
import { dispatch } from './dispatch.ts'
import type { Caller } from './loopback.ts'
import { type DashboardOptions, settingsOf } from './settings.ts'

/**
 * Answers the requests of a dashboard. It never rejects. `caller` tells what a Request does not: whoever mounts the
 * dashboard without `authorize` must give the address of the other end, or nobody is let in.
 */
export type Dashboard = (request: Request, caller?: Caller) => Promise<Response>

/**
 * The dashboard of an app, as a function from Request to Response: for any server, for a service worker, and for a page
 * itself. Throws OptionError for a wrong option.
 */
export function dashboard(app: Quayside, options: DashboardOptions = {}): Dashboard {
  const context = contextOf(app)
  const settings = settingsOf(options)
  const desk = { app, context, settings, bulks: new Bulks(context), cursors: new Cursors() }
  return (request, caller = {}) => dispatch(desk, request, caller)
}
