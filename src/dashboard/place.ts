import type { DeadSet, TimedSet } from '../inspect/job-set.ts'
import type { StoredJobs } from '../inspect/stored-jobs.ts'
import type { Quayside } from '../quayside.ts'
import type { Permission } from './access.ts'
import { type Given, matching, type Parameter, type Parameters } from './parameters.ts'
import { type Done, type Page, type Route, route, type Section } from './route.ts'
import { at } from './urls.ts'
import type { Visit } from './visit.ts'

/** Where jobs are shown: a set, or a queue. What it can do depends on which it is. */
export type ShownPlace = {
  /** Its address below the base; its actions are below it. */
  readonly path: string
  readonly section: Section
  /** Whether its pages begin with what came last. */
  readonly isNewestFirst: boolean
} & (
  | { readonly is: 'retries' | 'scheduled'; readonly jobs: TimedSet }
  | { readonly is: 'dead'; readonly jobs: DeadSet }
  | { readonly is: 'queue'; readonly jobs: StoredJobs; readonly queue: string }
)

/** Sidekiq's own order: what is due first, but who died last. */
function setOf(app: Quayside, is: 'retries' | 'scheduled' | 'dead'): ShownPlace {
  const rest = { path: `/${is}`, section: is } as const
  if (is === 'dead') return { ...rest, is, jobs: app.dead, isNewestFirst: true }
  return { ...rest, is, jobs: app[is], isNewestFirst: false }
}

function queueOf(app: Quayside, queue: string): ShownPlace {
  return {
    is: 'queue',
    queue,
    jobs: app.queue(queue),
    path: at`/queues/${queue}`,
    section: 'queues',
    isNewestFirst: false,
  }
}

/** A queue with another name (another program can make one) has no page: '..' in an address leads elsewhere. */
export const QUEUE_NAME: RegExp = /^(?!\.{1,2}$)[\w.:-]{1,128}$/

const aQueue: Parameter<string> = matching(QUEUE_NAME, 'the name of a queue')

interface PlaceRoute<P extends Parameters> extends Pick<Route, 'method'> {
  /** Below the place. */
  readonly path: string
  readonly may: Permission | 'look'
  readonly takes: P
  readonly answer: (visit: Visit, place: ShownPlace, given: Given<P>) => Promise<Page | Done | Response>
}

const SETS = ['retries', 'scheduled', 'dead'] as const

/** A page or action of the sets, at the path of each. */
export const ofSets = <P extends Parameters>({ path, answer, ...rest }: PlaceRoute<P>): readonly Route[] =>
  SETS.map((set) => {
    return route({
      ...rest,
      path: `/${set}${path}`,
      answer: (visit, given) => answer(visit, setOf(visit.app, set), given),
    })
  })

/** A page or action of queues. */
export function ofQueue<P extends Parameters>({ path, takes, answer, ...rest }: PlaceRoute<P>): Route {
  return route({
    ...rest,
    path: `/queues/:name${path}`,
    takes: { ...takes, name: aQueue },
    answer: (visit, given) => answer(visit, queueOf(visit.app, given.name as string), given as unknown as Given<P>),
  })
}

/** A place's page of the same kind, for sets and for queues. */
export const ofBoth = <P extends Parameters>(made: PlaceRoute<P>): readonly Route[] => [ofQueue(made), ...ofSets(made)]
