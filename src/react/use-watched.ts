import { useMemo, useSyncExternalStore } from 'react'
import type { Counts, WatchedQueue } from '../watch/counts.ts'
import type { WatchedJob } from '../watch/watched-job.ts'
import { useQuayside } from './provider.ts'

/** What becomes of a job, live; undefined until it is known, while there is no jid, and on a server. */
export function useJob(jid: string | null | undefined): WatchedJob | undefined {
  const app = useQuayside()
  return useSource(
    useMemo(() => (jid ? watchedBy<WatchedJob>((tell) => app.watch({ jid }, tell)) : NOTHING), [app, jid]),
  )
}

/** The size of a queue, and whether it is paused, live; undefined until it is known, and on a server. */
export function useQueue(name: string): WatchedQueue | undefined {
  const app = useQuayside()
  return useSource(useMemo(() => watchedBy<WatchedQueue>((tell) => app.watch({ queue: name }, tell)), [app, name]))
}

/** Sizes of all sets and queues, workers and totals, live; undefined until they are known, and on a server. */
export function useCounts(): Counts | undefined {
  const app = useQuayside()
  return useSource(useMemo(() => watchedBy<Counts>((tell) => app.watch(tell)), [app]))
}

/** What React subscribes to. A snapshot stays the same object until another state is told. */
interface Source<State> {
  readonly subscribe: (onChange: () => void) => () => void
  readonly snapshot: () => State | undefined
}

const NOTHING: Source<never> = { subscribe: () => () => {}, snapshot: () => undefined }

/** Watches while React is subscribed: a render that React throws away has started nothing. */
function watchedBy<State>(watch: (tell: (state: State) => void) => () => void): Source<State> {
  let last: State | undefined
  return {
    subscribe: (onChange) =>
      watch((state) => {
        last = state
        onChange()
      }),
    snapshot: () => last,
  }
}

const useSource = <State>({ subscribe, snapshot }: Source<State>): State | undefined =>
  useSyncExternalStore(subscribe, snapshot, NOTHING.snapshot)
