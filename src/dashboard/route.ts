import type { Permission } from './access.ts'
import type { Html } from './html.ts'
import type { MessageKey } from './locale.ts'
import type { Given, Parameters } from './parameters.ts'
import type { Visit } from './visit.ts'

/** What a page shows; the layout goes around it. */
export interface Page {
  readonly title: string
  readonly body: Html
  /** Which link of the navigation it stands under. */
  readonly under?: Section
  readonly status?: number
  /** Seconds after which it is loaded anew. */
  readonly refresh?: number
}

export type Section =
  | 'overview'
  | 'busy'
  | 'queues'
  | 'retries'
  | 'scheduled'
  | 'dead'
  | 'failures'
  | 'metrics'
  | 'periodic'

/** An action that was done: who looks at the audit reads it, and the visitor is led on. */
export interface Done {
  /** What the visitor is told: a message that takes a count. */
  readonly done: DoneMessage
  readonly count: number
  /** What it was done to, for the audit. */
  readonly about: Readonly<Record<string, unknown>>
  /** Where it goes on: an address of `visit.urls`. */
  readonly goTo: string
}

export type DoneMessage = Extract<MessageKey, `done_${string}`>

/** One thing that the dashboard can be asked. The table of all is in routes.ts. */
export interface Route<P extends Parameters = Parameters> {
  readonly method: 'GET' | 'POST'
  /** Parts that begin with a colon are parameters. */
  readonly path: string
  /** Who may ask: 'anyone' holds for what tells nothing, such as the stylesheet. */
  readonly may: Permission | 'look' | 'anyone'
  readonly takes: P
  readonly answer: (visit: Visit, given: Given<P>) => Promise<Page | Done | Response> | Page | Done | Response
}

/** A route of the table: its types are checked here, and forgotten. */
export const route = <P extends Parameters>(made: Route<P>): Route => made as unknown as Route

/** The parts of a path that are parameters, if it has this pattern. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const parts = path.split('/')
  if (wanted.length !== parts.length) return undefined
  const found: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const came = decoded(parts[index] as string)
    if (part.startsWith(':') && came) found[part.slice(1)] = came
    else if (part !== came) return undefined
  }
  return found
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
