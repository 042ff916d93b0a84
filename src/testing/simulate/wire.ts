import { ClosedError, StorageUnavailableError } from '../../errors.ts'
import type { Storage, Wake } from '../../storage.ts'
import type { Agenda } from './agenda.ts'
import { type Call, METHODS, type Outcome } from './call.ts'
import type { Life } from './life.ts'
import { NO_FAULTS, type Plan } from './plan.ts'
import type { Random } from './random.ts'
import type { Server } from './server.ts'

/** How long a caller waits for an answer before it takes it for lost. */
const PATIENCE_MS = 5_000

const FATES = ['lost', 'unanswered', 'late', 'twice', 'slow'] as const

type Fate = (typeof FATES)[number] | 'fine'

/** The way between the processes and the store. Requests overtake each other; with faults on, worse things happen. */
export class Wire {
  readonly #agenda: Agenda
  readonly #server: Server
  readonly #random: Random
  readonly #plan: Plan
  #faults: Plan['faults']

  constructor(agenda: Agenda, server: Server, random: Random, plan: Plan) {
    this.#agenda = agenda
    this.#server = server
    this.#random = random
    this.#plan = plan
    this.#faults = plan.faults
  }

  heal(): void {
    this.#faults = NO_FAULTS
  }

  /** The storage as one process sees it. */
  connect(life: Life): Storage {
    let isClosed = false
    const endings = new Set<() => void>()
    const assertOpen = () => {
      if (isClosed) throw new ClosedError('The storage is closed: open it again to go on.')
    }
    const calls = METHODS.map((method) => {
      const call = async (...args: unknown[]) => {
        assertOpen()
        return this.#send(life, { method, args } as Call)
      }
      return [method, call] as const
    })
    const subscribe = (onWake: (wake: Wake) => void) => {
      assertOpen()
      const end = this.#server.subscribe((wake) => this.#wake(life, () => endings.has(end) && onWake(wake)))
      endings.add(end)
      return () => {
        end()
        endings.delete(end)
      }
    }
    const close = async () => {
      isClosed = true
      for (const end of endings) end()
      endings.clear()
    }
    const rest = this.#plan.canWake ? { subscribe, close } : { close }
    return { ...Object.fromEntries(calls), ...rest } as unknown as Storage
  }

  #wake(life: Life, ring: () => void): void {
    if (!this.#random.chance(this.#faults.unwoken)) life.later(this.#latency(), ring)
  }

  #send(life: Life, call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (life.isDead) return // and for ever waits for an answer
      const settle = (outcome: Outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.answer))
      const reply = (outcome: Outcome, delayMs = this.#latency()) => life.later(delayMs, () => settle(outcome))
      this.#deliver(life, call, this.#fate(), reply)
    })
  }

  #deliver({ name }: Life, call: Call, fate: Fate, reply: (outcome: Outcome, delayMs?: number) => void): void {
    const patienceMs = this.#random.about(PATIENCE_MS)
    const execute = (delayMs: number, answer: (outcome: Outcome) => void) =>
      this.#agenda.add(delayMs, () => this.#server.handle(name, call, answer))
    switch (fate) {
      case 'lost':
        reply(unavailable(this.#random.chance(0.5) ? 'none' : 'unknown'), patienceMs)
        break
      case 'unanswered':
        execute(this.#latency(), ignore)
        reply(unavailable('unknown'), this.#latency() + patienceMs)
        break
      case 'late':
        execute(patienceMs + this.#random.about(PATIENCE_MS), ignore)
        reply(unavailable('unknown'), patienceMs)
        break
      case 'twice':
        execute(this.#latency(), () => execute(this.#random.about(PATIENCE_MS / 5), reply))
        break
      case 'slow':
        execute(patienceMs * this.#random.next(), (outcome) => reply(outcome, patienceMs * this.#random.next()))
        break
      case 'fine':
        execute(this.#latency(), reply)
    }
  }

  #fate(): Fate {
    let chance = this.#random.next()
    for (const fate of FATES) {
      chance -= this.#faults[fate]
      if (chance < 0) return fate
    }
    return 'fine'
  }

  #latency(): number {
    return this.#random.about(this.#plan.latencyMs)
  }
}

const ignore = () => {}

function unavailable(outcome: 'none' | 'unknown'): Outcome {
  return { error: new StorageUnavailableError('no answer', { outcome }) }
}
