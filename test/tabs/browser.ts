import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { find } from '../../scripts/ready/programs.mjs'
import { eventually } from '../faults/eventually.ts'
import { DevTools } from './dev-tools.ts'

/** None of those that Playwright adds: they end throttling, freezing and the back/forward cache. */
const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-background-networking',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  // Tabs that shared a process would crash together.
  '--renderer-process-limit=64',
  // Hidden pages are throttled intensively after ten seconds, instead of five minutes.
  '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10',
  '--remote-debugging-pipe',
]

interface Running {
  readonly process: ChildProcess
  readonly devTools: DevTools
}

/** A real Chromium with a profile of its own on disk, which stays when the browser is killed. */
export class Browser {
  readonly profile: string = mkdtempSync(join(tmpdir(), 'quayside-tabs-'))
  #running: Running | undefined

  get devTools(): DevTools {
    if (!this.#running) throw new Error('The browser does not run.')
    return this.#running.devTools
  }

  /** Resolves when it answers. After `kill` it starts again on the same profile. */
  async start(): Promise<void> {
    // A group of its own, so that all its processes can be killed at once. What crashes leaves its traces in the profile.
    const started = spawn(find('chromium') ?? 'chromium', [...SWITCHES, `--user-data-dir=${this.profile}`], {
      detached: true,
      cwd: this.profile,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    started.once('error', () => {})
    // Whatever ends the tests, nothing of it outlives them.
    const end = () => {
      killGroup(started)
      this.#remove()
    }
    process.once('exit', end)
    started.once('exit', () => process.off('exit', end))
    const [, , , input, output] = started.stdio
    this.#running = { process: started, devTools: new DevTools(input as Writable, output as Readable) }
    await this.devTools.send('Browser.getVersion')
  }

  /** SIGKILL for all its processes at once: no page and no database is told. */
  async kill(): Promise<void> {
    const running = this.#running?.process
    this.#running = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    killGroup(running)
    await ended
    // The others die a moment later. Until then the files of the profile are not free for the next browser.
    await eventually('all processes of the browser are gone', () => !isGroupAlive(running))
  }

  /** Ends it for good, profile and all. */
  async destroy(): Promise<void> {
    await this.kill()
    this.#remove()
  }

  /** Its other processes may still be about to end, and to write. */
  #remove(): void {
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // It was gone already.
  }
}

/** Zombies count as gone: they hold nothing, and wait only for somebody to ask how they ended. */
function isGroupAlive({ pid }: ChildProcess): boolean {
  const processes = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []
  return processes.some((process) => {
    const [state, , group] = statOf(process).split(' ')
    return group === String(pid) && state !== 'Z'
  })
}

/** What stands behind the name of a process, which may have any characters: its state, its parent, its group. */
function statOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/stat`, 'utf8').replace(/^.*\) /s, '')
  } catch {
    return ''
  }
}
