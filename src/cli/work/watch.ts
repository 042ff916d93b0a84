import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { EXIT } from '../failure.ts'
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
  let child: ChildProcess | undefined
  let asked: StopSignal | undefined
  let isStale = false
  let wake = () => {}
  const files = watchFiles(folder, (file) => {
    say(`${file} changed: starting again`)
    isStale = true
    child?.kill('SIGTERM')
    wake()
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      asked = signal
      // INT comes from the keyboard to both processes; TERM is how the inner one is told.
      child?.kill('SIGTERM')
      wake()
    })
  }
  for (const signal of ['SIGTSTP', 'SIGTTIN'] as const) process.on(signal, () => child?.kill(signal))
  for (;;) {
    isStale = false
    child = start()
    const [code, signal] = await once(child, 'exit')
    child = undefined
    if (asked) {
      files.close()
      // A second INT ended the inner process by a second TERM.
      return code === null || code === EXIT.terminated ? exitCodeOf(asked) : code
    }
    if (isStale) continue
    say(`the worker ended with ${code ?? signal}; waiting for a change`)
    await new Promise<void>((resolve) => {
      wake = resolve
    })
    if (asked) {
      files.close()
      return EXIT.done
    }
  }
}

function start(): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, QUAYSIDE_WATCHED: '1' },
  })
}
