import { systemClock } from '../../clock.ts'
import type { WorkerEvent } from '../../events.ts'
import type { Quayside } from '../../quayside.ts'
import { within } from '../../worker/within.ts'
import type { Worker } from '../../worker/worker.ts'
import { appOfFile } from '../app/open-app.ts'
import type { Configuration } from '../config/configuration.ts'
import { inSeconds } from '../config/show.ts'
import { EXIT } from '../failure.ts'
import { version } from '../version.ts'
import { serveHealth } from './health-server.ts'
import { dumpLines, MEMORY_LINE, startLines, stoppedLine, stoppingLine, unusedLine } from './lines.ts'
import { MemoryRelay } from './relay.ts'
import { exitCodeOf, obeySignals } from './signals.ts'
import { type Notify, systemdNotify } from './systemd.ts'
import { tellOfJobs, tellOfStorage } from './tell.ts'
import { workApp } from './work-app.ts'

/** How long the end waits for connections to close. */
const CLOSE_MS = 5_000

export interface Circumstances {
  readonly configuration: Configuration
  readonly env: Readonly<Record<string, string | undefined>>
  /** Under `--watch`. */
  readonly isWatched: boolean
  readonly say: (line: string) => void
}

/** One process that performs jobs, from its first signal handler to its last line. */
export class Performer {
  readonly #configuration: Configuration
  readonly #say: (line: string) => void
  readonly #notify: Notify
  /** How long a stop lets jobs finish, as people say it. */
  readonly #patience: string
  /** Resolves when a signal asks for the end. */
  readonly #asked: Promise<undefined>
  #worker: Worker | undefined
  /** The port that answers probes. */
  #health: number | undefined
  #isQuiet = false
  /** Under `--watch`. */
  readonly #relay: MemoryRelay | undefined

  constructor({ configuration, env, isWatched, say }: Circumstances) {
    this.#configuration = configuration
    this.#say = say
    this.#notify = systemdNotify(env, say)
    this.#relay = isWatched ? new MemoryRelay() : undefined
    this.#patience = inSeconds(configuration.settings.timeout)
    this.#asked = new Promise((resolve) => this.#obey(() => resolve(undefined), isWatched))
  }

  /** Works until it is told to stop, by a signal or through the storage. Answers the exit code. */
  async run(): Promise<number> {
    if (!this.#relay) return this.#run()
    await this.#relay.takeOver()
    try {
      return await this.#run()
    } finally {
      await this.#relay.handOver()
    }
  }

  async #run(): Promise<number> {
    const { settings } = this.#configuration
    if (settings.health !== undefined) this.#health = await serveHealth(settings.health, () => this.#worker?.health())
    // A job file may wait for something, and a stop does not wait for the file.
    const app = await Promise.race([appOfFile(this.#configuration, this.#relay?.keep), this.#asked])
    if (!app) {
      this.#say('stopped before it had started')
      return EXIT.done
    }
    if (settings.verbose) tellOfJobs(app, this.#say)
    tellOfStorage(app, this.#say)
    const stopped = this.#start(app)
    await Promise.race([this.#asked, stopped])
    await this.#stop(app)
    return EXIT.done
  }

  /** Resolves when the worker has stopped, whoever told it to. */
  #start(app: Quayside): Promise<void> {
    // A job file may start workers of its own.
    const isOurs = ({ worker }: WorkerEvent) => worker === this.#worker?.id
    const stopped = new Promise<void>((resolve) => {
      app.on('worker:stopped', (event) => isOurs(event) && resolve())
    })
    app.on('worker:started', (event) => isOurs(event) && this.#greet(app))
    app.on('storage:unavailable', () => this.#notify('STATUS=waiting for the storage'))
    app.on('storage:available', () => this.#notify('STATUS=working'))
    this.#worker = workApp(app, this.#configuration.settings)
    if (this.#isQuiet) this.#worker.quiet()
    return stopped
  }

  #greet(app: Quayside): void {
    const { environment, settings, file, notes } = this.#configuration
    const { about } = this.#worker as Worker
    const { place } = app
    const program = { version: version(), pid: process.pid, environment }
    const lines = startLines({ ...program, place, about, timeout: this.#patience, health: this.#health })
    for (const line of lines) this.#say(line)
    if (notes.length > 0) this.#say(unusedLine(file, notes))
    if (place === 'memory' && settings.redisUrl === undefined) this.#say(MEMORY_LINE)
    this.#notify('READY=1', 'STATUS=working')
  }

  async #stop(app: Quayside): Promise<void> {
    const worker = this.#worker as Worker
    this.#notify('STOPPING=1')
    const { status, running } = worker.health()
    if (status !== 'stopped') this.#say(stoppingLine(running, this.#patience))
    const { unfinished } = await worker.stop()
    await within(systemClock, CLOSE_MS, app.close())
    this.#say(stoppedLine(unfinished.length))
  }

  #obey(stop: () => void, isWatched: boolean): void {
    const orders = {
      stop,
      abort: (signal: 'SIGTERM' | 'SIGINT') => {
        this.#say('ended at once; what ran will run again when the lease of this worker is over')
        process.exit(exitCodeOf(signal))
      },
      quiet: () => {
        this.#isQuiet = true
        this.#worker?.quiet()
      },
      dump: () => this.#dump(),
    }
    obeySignals(orders, isWatched)
  }

  #dump(): void {
    const worker = this.#worker
    const lines = worker
      ? dumpLines(worker.running(), worker.health(), process.getActiveResourcesInfo())
      : ['starting: the job file is being loaded']
    for (const line of lines) this.#say(line)
  }
}
