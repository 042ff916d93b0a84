import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { EXIT } from '../failure.ts'
import { MemoryKeeper } from './relay.ts'
import { exitCodeOf, type StopSignal } from './signals.ts'
import { watchFiles } from './watch-files.ts'

export interface Watched {
  readonly folder: string
  readonly say: (line: string) => void
}

/**
 * Runs this very command in a process of its own, and again whenever a file below the folder changes. The worker before
 * is stopped as TERM stops it: what it does not finish goes back to its queue. Answers the exit code.
 */
export async function watch({ folder, say }: Watched): Promise<number> {
  const memory = new MemoryKeeper()
  let child: ChildProcess | undefined
  let asked: StopSignal | undefined
  let isStale = false
  let goOn = () => {}

  const files = watchFiles(folder, (file) => {
    // A second TERM would end it at once.
    if (!isStale) child?.kill('SIGTERM')
    isStale = true
    say(`${file} changed: starting again`)
    goOn()
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked || !isStale) child?.kill('SIGTERM')
      asked = signal
      goOn()
    })
  }
  for (const signal of ['SIGTSTP', 'SIGTTIN'] as const) process.on(signal, () => child?.kill(signal))

  let code: number = EXIT.done
  while (!asked) {
    isStale = false
    child = start()
    memory.serve(child)
    // Not `exit`: what the child has sent may come after that.
    const [status, signal] = await once(child, 'close')
    child = undefined
    // A second INT ended the inner process by a second TERM.
    if (asked) code = status === null || status === EXIT.terminated ? exitCodeOf(asked) : status
    if (asked || isStale) continue
    say(`the worker ended with ${status ?? signal}; waiting for a change`)
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
  }
  files.close()
  return code
}

function start(): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, QUAYSIDE_WATCHED: '1' },
  })
}
