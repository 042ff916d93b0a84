import { createInterface } from 'node:readline'
import { find } from '../../scripts/ready/programs.mjs'
import { RubyProcess } from './ruby-process.ts'
import type { SeenJob, SeenPage, SeenProcess, SeenRow, SeenWork } from './seen.ts'

type JobSettings = Readonly<Record<string, unknown>>

export type SetName = 'retry' | 'schedule' | 'dead'

interface Asked {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/** Ruby's Sidekiq beside us, in a process that answers questions: what its API sees, and what its client pushes. */
export class Ruby {
  readonly #process: RubyProcess
  readonly #open = new Map<number, Asked>()
  #number = 0
  #end: Error | undefined

  /** @param url of the Redis that both sides share */
  constructor(url: string) {
    const env = { REDIS_URL: url, LANG: 'C.UTF-8' }
    this.#process = new RubyProcess(find('ruby') ?? 'ruby', ['companion.rb'], env)
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#hear(line))
    this.#process.ended((how) => this.#giveUp(how))
  }

  /**
   * Enqueues by a class of ruby/jobs.rb.
   *
   * @param args the JSON of an array
   * @param set options of this one, as Ruby's `set` takes them
   */
  performAsync(job: string, args: string, set: JobSettings = {}): Promise<string> {
    return this.#ask('perform_async', { class: job, args, set })
  }

  performIn(job: string, seconds: number, args: string, set: JobSettings = {}): Promise<string> {
    return this.#ask('perform_in', { class: job, seconds, args, set })
  }

  performBulk(job: string, args: string, set: JobSettings = {}): Promise<string[]> {
    return this.#ask('perform_bulk', { class: job, args, set })
  }

  /** @param item the JSON of a payload */
  push(item: string): Promise<string> {
    return this.#ask('push', { item })
  }

  /** @param item the JSON of a payload whose `args` are many */
  pushBulk(item: string): Promise<string[]> {
    return this.#ask('push_bulk', { item })
  }

  queues(): Promise<Record<string, number>> {
    return this.#ask('queues')
  }

  queue(name: string): Promise<SeenJob[]> {
    return this.#ask('queue', { name })
  }

  /** Seconds. */
  latency(name: string): Promise<number> {
    return this.#ask('latency', { name })
  }

  set(name: SetName): Promise<SeenRow[]> {
    return this.#ask('set', { name })
  }

  size(name: SetName): Promise<number> {
    return this.#ask('size', { name })
  }

  find(name: SetName, jid: string): Promise<SeenRow | null> {
    return this.#ask('find', { name, jid })
  }

  /** What a person does on the web page with a row. */
  act(name: SetName, jid: string, action: 'retry' | 'delete' | 'kill' | 'add_to_queue'): Promise<true> {
    return this.#ask('act', { name, jid, action })
  }

  /** @param at seconds since 1970 */
  reschedule(name: SetName, jid: string, at: number): Promise<true> {
    return this.#ask('reschedule', { name, jid, at })
  }

  processes(): Promise<SeenProcess[]> {
    return this.#ask('processes')
  }

  /** Forgets processes whose hash is gone; answers how many. */
  cleanUp(): Promise<number> {
    return this.#ask('clean_up')
  }

  signal(identity: string, signal: 'quiet' | 'stop'): Promise<true> {
    return this.#ask('signal', { identity, signal })
  }

  isStopping(identity: string): Promise<boolean> {
    return this.#ask('is_stopping', { identity })
  }

  work(): Promise<SeenWork[]> {
    return this.#ask('work')
  }

  stats(): Promise<Record<string, number>> {
    return this.#ask('stats')
  }

  /** By day, newest first. */
  history(days: number): Promise<Record<'processed' | 'failed', Record<string, number>>> {
    return this.#ask('history', { days })
  }

  /** A page of Sidekiq::Web. */
  page(path: string): Promise<SeenPage> {
    return this.#ask('page', { path })
  }

  end(): Promise<void> {
    return this.#process.kill()
  }

  #ask<Answer>(ask: string, question: Record<string, unknown> = {}): Promise<Answer> {
    const id = this.#number++
    return new Promise<Answer>((resolve, reject) => {
      if (this.#end) return reject(this.#end)
      this.#open.set(id, { resolve: resolve as Asked['resolve'], reject })
      this.#process.stdin.write(`${JSON.stringify({ id, ask, ...question })}\n`)
    })
  }

  #hear(line: string): void {
    const { id, answer, error } = JSON.parse(line)
    const asked = this.#open.get(id)
    this.#open.delete(id)
    if (error === undefined) asked?.resolve(answer)
    else asked?.reject(new Error(error))
  }

  #giveUp(how: string): void {
    this.#end = new Error(`Ruby does not answer: ${how}\n${this.#process.log}`)
    for (const { reject } of this.#open.values()) reject(this.#end)
    this.#open.clear()
  }
}
