import type { StoredJob } from '../../adapters/memory/store.ts'
import type { Context } from '../context.ts'
import type { Draft } from '../draft.ts'
import { enqueuedText } from '../payload.ts'
import { performJob } from './perform.ts'
import { TestGround } from './test-ground.ts'

/** Ground on which jobs are performed as soon as they are stored, and before their caller hears of it. */
export class InlineGround extends TestGround {
  readonly #scheduled: 'now' | 'kept'
  #isTicking = false

  constructor(context: Context, scheduled: 'now' | 'kept') {
    super('inline', context)
    this.#scheduled = scheduled
  }

  override async onStored(draft: Draft): Promise<void> {
    await super.onStored(draft)
    if (draft.delayMs > 0 && this.#scheduled === 'now') await this.#enqueue(draft)
    const job = this.#waiting(draft)
    const performed = job && (await this.perform(() => performJob(this, job)))
    // A tick has no caller: what fails goes its way.
    if (performed?.error && !this.#isTicking) throw performed.error
  }

  override async tick(): Promise<void> {
    this.#isTicking = true
    try {
      await super.tick()
    } finally {
      this.#isTicking = false
    }
  }

  #waiting({ queue, jid }: Draft): StoredJob | undefined {
    for (const job of this.store.queues.get(queue) ?? []) if (job.jid === jid) return job
    return undefined
  }

  /** Makes a scheduled job due, whenever it was meant to be. */
  async #enqueue({ queue, jid }: Draft): Promise<void> {
    const storage = this.storage()
    const { rows } = await storage.scan('scheduled', { jid, limit: this.store.scheduled.size })
    const now = this.clock.now()
    await storage.move(
      'scheduled',
      rows.map(({ key, text }) => ({ key, to: { queue }, text: enqueuedText(text, now, this.context.stamp) })),
    )
  }
}
