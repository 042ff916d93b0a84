import { onTestFinished } from 'vitest'
import type { Counts, Quayside, WatchedJob, WatchedQueue } from '../../../src/index.ts'
import { rest, until } from './time.ts'

/** A little longer than looks stay apart. */
export const LOOK = 110

interface Here {
  readonly app: Quayside
  readonly pass: (ms: number) => Promise<void>
}

interface Watching<State> {
  /** What was told, in order. */
  readonly told: State[]
  readonly stop: () => void
}

/** Watches a job, and waits for the first that is told of it. */
export function watchJob(here: Here, jid: string | null): Promise<Watching<WatchedJob>> {
  return watching(here, (tell) => here.app.watch({ jid: jid as string }, tell))
}

export function watchQueue(here: Here, queue: string): Promise<Watching<WatchedQueue>> {
  return watching(here, (tell) => here.app.watch({ queue }, tell))
}

export function watchCounts(here: Here): Promise<Watching<Counts>> {
  return watching(here, (tell) => here.app.watch(tell))
}

async function watching<State>(
  { pass }: Here,
  watch: (tell: (state: State) => void) => () => void,
): Promise<Watching<State>> {
  const told: State[] = []
  const stop = watch((state) => told.push(state))
  onTestFinished(stop)
  await rest()
  await until(async () => {
    if (told.length === 0) await pass(LOOK)
    return told.length > 0
  })
  return { told, stop }
}
