import type { Context, Ground } from './context.ts'
import { type Draft, Drafter, draftPayload, payloadOf } from './draft.ts'
import { OptionError } from './errors.ts'
import { GroupCommit, SLICE } from './group-commit.ts'
import type { Plan } from './job-options.ts'
import { describe, isRecord } from './options.ts'
import { instantMs, type Payload } from './payload.ts'

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
    this.#commits = new GroupCommit(context.clock.id(), context.known)
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

  /**
   * As `push`, but once for each mark: if a job was stored under it in the last `forMs` milliseconds, nothing is stored,
   * and the answer is that job's jid. For periodic jobs.
   */
  async pushOnce(payload: PushPayload, mark: { readonly key: string; readonly forMs: number }): Promise<string | null> {
    return this.#store({ ...this.#draftOf(payload), unique: mark, isMarked: true, onConflict: 'jid' })
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
    const { ground } = this.#context
    const answers: (string | null)[] = []
    for (let from = 0; from < argsList.length; from += SLICE) {
      const drafts = argsList.slice(from, from + SLICE).map((args) => this.#drafter.draft(plan, args, spreadMs))
      const stored = this.#storeAll(drafts, ground)
      answers.push(...(await (ground.onPush ? ground.onPush(drafts, stored) : stored)))
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
    const { clock, stamp } = this.#context
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
      created_at: fields.created_at ?? stamp(now),
    }
    if (dueMs <= now) payload.enqueued_at = stamp(now)
    const uniqueMs = fields.unique_for === undefined ? undefined : fields.unique_for * 1_000
    return draftPayload(payload, {
      delayMs: dueMs - now,
      draftedAt: clock.monotonic(),
      chosen: fields.jid !== undefined,
      onConflict: 'null',
      uniqueMs,
    })
  }

  /** A push ends on the ground on which it began, whatever the app stands on when its middleware is done. */
  #store(draft: Draft): Promise<string | null> {
    const { ground } = this.#context
    const stored = this.#hasMiddleware ? this.#storeAdmitted(draft, ground) : this.#commit(draft, ground)
    return ground.onPush ? ground.onPush([draft], stored) : stored
  }

  async #storeAdmitted(draft: Draft, ground: Ground): Promise<string | null> {
    const admitted = await this.#throughMiddleware(draft)
    return admitted ? this.#commit(admitted, ground) : null
  }

  #commit(draft: Draft, ground: Ground): Promise<string | null> {
    const stored = this.#commits.add(draft, ground)
    return this.#isHeard(ground) ? stored.then((answer) => this.#tell(draft, answer, ground)) : stored
  }

  async #storeAll(drafts: readonly Draft[], ground: Ground): Promise<(string | null)[]> {
    const admitted: (Draft | undefined)[] = this.#hasMiddleware ? [] : [...drafts]
    if (this.#hasMiddleware) for (const draft of drafts) admitted.push(await this.#throughMiddleware(draft))
    const stored = admitted.filter((draft) => draft !== undefined)
    const answers = await this.#commits.push(stored, ground)
    if (this.#isHeard(ground)) {
      for (const [index, draft] of stored.entries()) await this.#tell(draft, answers[index] as string | null, ground)
    }
    let next = 0
    return admitted.map((draft) => (draft ? (answers[next++] as string | null) : null))
  }

  /** What the middleware made of a draft; undefined when one of them stopped it. */
  async #throughMiddleware(draft: Draft): Promise<Draft | undefined> {
    if (!this.#hasMiddleware) return draft
    const { unique, isMarked, delayMs, draftedAt, chosen, onConflict, durability } = draft
    const payload = payloadOf(draft)
    const push = { payload, delayMs: Math.max(0, delayMs), app: this.#context.app }
    const isAdmitted = await this.#context.clientMiddleware.run(push, async () => {})
    if (!isAdmitted) return undefined
    const uniqueMs = isMarked ? undefined : unique?.forMs
    const admitted = draftPayload(payload, { delayMs, draftedAt, chosen, onConflict, durability, uniqueMs })
    return isMarked && unique ? { ...admitted, unique, isMarked } : admitted
  }

  get #hasMiddleware(): boolean {
    return this.#context.clientMiddleware.links.length > 0
  }

  /** Whether anybody waits for stored jobs: most often nobody does, and they need not be described. */
  #isHeard(ground: Ground): boolean {
    return ground.onStored !== undefined || this.#context.events.hears('job:enqueued')
  }

  /** Tells of a job that is stored. Answers what its caller is to hear. */
  async #tell(draft: Draft, answer: string | null, ground: Ground): Promise<string | null> {
    if (answer !== draft.jid) return answer
    const { jid, queue, delayMs } = draft
    if (this.#context.events.hears('job:enqueued')) {
      const payload = payloadOf(draft)
      const event = { jid, queue, job: payload.class, payload, delayMs: Math.max(0, delayMs) }
      this.#context.events.emit('job:enqueued', event)
    }
    await ground.onStored?.(draft)
    return answer
  }
}
