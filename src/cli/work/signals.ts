import { EXIT } from '../failure.ts'

export type StopSignal = 'SIGTERM' | 'SIGINT'

/** What the signals of a worker's process mean. */
export interface Orders {
  stop(signal: StopSignal): void
  /** The second time. */
  abort(signal: StopSignal): void
  quiet(): void
  dump(): void
}

/**
 * Obeys the signals of this process from now on. As process 1 of a container it would ignore them without this.
 * @param isWatched under `--watch`: Ctrl-C reaches both processes of a terminal, and the outer one sends TERM
 */
export function obeySignals(orders: Orders, isWatched: boolean): void {
  // Signal handlers do not keep a process alive, and a quiet worker has nothing else that does.
  setInterval(() => {}, 2 ** 30)
  let isStopping = false
  const stop = (signal: StopSignal) => {
    if (isStopping) orders.abort(signal)
    isStopping = true
    orders.stop(signal)
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => isWatched || stop('SIGINT'))
  // Whatever ended the outer process, this one does not stay.
  if (isWatched) process.on('disconnect', () => stop('SIGTERM'))
  if (process.platform === 'win32') return
  process.on('SIGTSTP', () => orders.quiet())
  process.on('SIGTTIN', () => orders.dump())
}

export const exitCodeOf = (signal: StopSignal): number => (signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated)
