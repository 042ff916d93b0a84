import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis, type RedisOptions } from 'ioredis'
import { find } from '../../scripts/ready/programs.mjs'

/** A real redis-server of a test's own, on a free port, in a folder of its own that goes with it. */
export class RedisServer {
  readonly port: number
  readonly folder: string = mkdtempSync(join(tmpdir(), 'quayside-redis-'))
  readonly #settings: readonly string[]
  #process: ChildProcess | undefined

  private constructor(port: number, settings: readonly string[]) {
    this.port = port
    this.#settings = settings
  }

  /**
   * Starts one. Nothing is saved to disk unless `settings` say so.
   * @param settings as on redis-server's command line: `'--appendonly', 'yes'`
   */
  static async start(...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings)
    await server.start()
    return server
  }

  /** Starts a Sentinel: the same program, with a configuration that it writes itself. */
  static async startSentinel(...lines: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), ['--sentinel'])
    writeFileSync(join(server.folder, 'sentinel.conf'), ['', ...lines, ''].join('\n'))
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.#process?.pid ?? 0
  }

  /** Starts it again, on the same port and what it saved. Resolves when it accepts connections. */
  async start(...more: string[]): Promise<void> {
    const config = join(this.folder, 'sentinel.conf')
    const place = ['--port', String(this.port), '--dir', this.folder]
    const args = existsSync(config) ? [config, ...place] : [...place, '--save', '']
    args.push(...this.#settings, ...more)
    const started = spawn(find('redis') ?? 'redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#process = started
    // Whatever ends the tests, no server outlives them.
    const kill = () => started.kill('SIGKILL')
    process.once('exit', kill)
    started.once('exit', () => process.off('exit', kill))
    let output = ''
    await new Promise<void>((resolve, reject) => {
      started.stdout?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (/Ready to accept connections|Running mode=sentinel/.test(text)) resolve()
      })
      started.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)))
      started.once('error', reject)
    })
  }

  /** Ends it: SIGTERM lets it save, SIGKILL does not. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const running = this.#process
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    running.kill(signal)
    await once(running, 'exit')
  }

  /** Ends it for good, with all that it kept. */
  async destroy(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A plain client, for a test to look behind the adapter. The caller disconnects it. */
  client(options: RedisOptions = {}): Redis {
    return new Redis(this.url, options)
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
