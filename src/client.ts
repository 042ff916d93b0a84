import type { Context } from './context.ts'
import { type Draft, Drafter, draftPayload, payloadOf } from './draft.ts'
import { OptionError } from './errors.ts'
import { GroupCommit, SLICE } from './group-commit.ts'
import type { Plan } from './job-options.ts'
import { describe, isRecord } from './options.ts'
import { instantMs, type Payload, toSeconds } from './payload.ts'

/** A payload as a caller gives it: the class and the arguments, and any other field of Sidekiq's or of your own. */
export interface PushPayload extends Partial<Payload> {
  readonly class: string
  readonly args: unknown[]
  /** When it is due, in seconds since 1970; leave it out for now. Not stored: it becomes the job's place in time. */
  readonly at?: number
}

/** What performs a job here and now; the entry that only enqueues has none. */
export type InlinePerformer = (text: string, queue: string) => Promise<unknown>

/** The way in: a draft is made, client middleware sees it, and it goes to storage with the others of this turn. */
export class Client {
  readonly #context: Context
  readonly #drafter: Drafter
  readonly #commits: GroupCommit
  readonly #inline: InlinePerformer | undefined

  constructor(context: Context, inline?: InlinePerformer) {
    this.#context = context
    this.#inline = inline
    this.#drafter = new Drafter(context)
    this.#commits = new GroupCommit(context)
  }

  /**
   * Pushes a payload for a job that this process need not define. Answers its jid, or null when a middleware stopped it
   * or another job holds its unique lock (`unique_for`). What is missing of `retry` (true), `queue` ('default'), `jid`
   * and `created_at` is filled in. Rejects with OptionError or ArgumentError for what cannot be stored.
   */
  async push(payload: PushPayload): Promise<string | null> {
    if (!isRecord(payload)) throw new OptionError(`client.push() takes a payload object; got ${describe(payload)}.`)
    return this.#store(this.#draftOf(payload))
  }

  /** Enqueues one job. For `Job.performAsync` and its family. */
  enqueue(plan: Plan, args: unknown[]): Promise<string | null> {
    try {
      return this.#store(this.#drafter.draft(plan, args, 0))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Enqueues many, a slice at a time. */
  async enqueueBulk(plan: Plan, argsList: readonly unknown[][], spreadMs: number): Promise<(string | null)[]> {
    if (plan.jid !== undefined) throw new OptionError('performBulk() takes no jid: each of its jobs needs its own.')
    const answers: (string | null)[] = []
    for (let from = 0; from < argsList.length; from += SLICE) {
      const drafts = argsList.slice(from, from + SLICE).map((args) => this.#drafter.draft(plan, args, spreadMs))
      answers.push(...(await this.#storeAll(drafts)))
    }
    return answers
  }

  /** Performs a job here and now, through JSON and middleware. */
  async performInline(plan: Plan, args: unknown[]): Promise<unknown> {
    if (!this.#inline) {
      throw new OptionError("performInline() needs the worker's code: import { Quayside } from 'quayside'.")
    }
    const draft = await this.#throughMiddleware(this.#drafter.draft(plan, args, 0))
    return draft ? this.#inline(draft.text, draft.queue) : null
  }

  #draftOf({ at, ...fields }: PushPayload): Draft {
    const { clock } = this.#context
    const now = clock.now()
    const dueMs = at === undefined ? now : instantMs(at)
    if (dueMs === undefined) {
      throw new OptionError(`client.push(): at must be a number of seconds since 1970; got ${describe(at)}.`)
    }
    const payload: Payload = {
      ...fields,
      retry: fields.retry ?? true,
      queue: fields.queue ?? 'default',
      jid: fields.jid ?? clock.id(),
      created_at: fields.created_at ?? toSeconds(now),
    }
    if (dueMs <= now) payload.enqueued_at = toSeconds(now)
    const uniqueMs = fields.unique_for === undefined ? undefined : fields.unique_for * 1_000
    return draftPayload(payload, {
      delayMs: dueMs - now,
      chosen: fields.jid !== undefined,
      onConflict: 'null',
      uniqueMs,
    })
  }

  #store(draft: Draft): Promise<string | null> {
    if (this.#hasMiddleware) return this.#storeAdmitted(draft)
    const stored = this.#commits.add(draft)
    return this.#isHeard ? stored.then((answer) => this.#tell(draft, answer)) : stored
  }

  async #storeAdmitted(draft: Draft): Promise<string | null> {
    const admitted = await this.#throughMiddleware(draft)
    return admitted ? this.#tell(admitted, await this.#commits.add(admitted)) : null
  }

  async #storeAll(drafts: readonly Draft[]): Promise<(string | null)[]> {
    const admitted: (Draft | undefined)[] = this.#hasMiddleware ? [] : [...drafts]
    if (this.#hasMiddleware) for (const draft of drafts) admitted.push(await this.#throughMiddleware(draft))
    const stored = admitted.filter((draft) => draft !== undefined)
    const answers = await this.#commits.push(stored)
    for (const [index, draft] of stored.entries()) this.#tell(draft, answers[index] as string | null)
    let next = 0
    return admitted.map((draft) => (draft ? (answers[next++] as string | null) : null))
  }

  /** What the middleware made of a draft; undefined when one of them stopped it. */
  async #throughMiddleware(draft: Draft): Promise<Draft | undefined> {
    if (!this.#hasMiddleware) return draft
    const { unique, delayMs, chosen = false, onConflict } = draft
    const payload = payloadOf(draft)
    const push = { payload, delayMs: Math.max(0, delayMs), app: this.#context.app }
    const isAdmitted = await this.#context.clientMiddleware.run(push, async () => {})
    return isAdmitted ? draftPayload(payload, { delayMs, chosen, onConflict, uniqueMs: unique?.forMs }) : undefined
  }

  get #hasMiddleware(): boolean {
    return this.#context.clientMiddleware.links.length > 0
  }

  get #isHeard(): boolean {
    return this.#context.events.hears('job:enqueued')
  }

  /** Tells listeners of a job that is stored. Answers what its caller is to hear. */
  #tell(draft: Draft, answer: string | null): string | null {
    if (answer === draft.jid && this.#isHeard) {
      const { jid, queue, delayMs } = draft
      const payload = payloadOf(draft)
      this.#context.events.emit('job:enqueued', {
        jid,
        queue,
        job: payload.class,
        payload,
        delayMs: Math.max(0, delayMs),
      })
    }
    return answer
  }
}
