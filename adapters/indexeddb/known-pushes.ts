import type { PushId, Refusal } from '../../src/storage.ts'

const KNOWN_MS = 600_000

/** How many pushes of a client are known: enough for one that repeats soon, no burden for one that pushes a million. */
const KNOWN_PUSHES = 1_000

interface Known {
  readonly answer: Promise<Refusal[]>
  readonly endsAt: number
}

/**
 * The answers to the last pushes of this page, in its memory: whoever repeats a push is on the page that made it, and a
 * page that dies repeats nothing.
 */
export class KnownPushes {
  readonly #clients = new Map<string, Map<number, Known>>()

  /** The answer of the push with this number: the first one's, or what `push` answers. A push that fails is forgotten. */
  answer({ client, number }: PushId, now: number, push: () => Promise<Refusal[]>): Promise<Refusal[]> {
    const pushes = this.#clients.get(client) ?? this.#meet(now)
    const known = pushes.get(number)
    if (known && now < known.endsAt) return known.answer
    const answer = push()
    pushes.set(number, { answer, endsAt: now + KNOWN_MS }).delete(number - KNOWN_PUSHES)
    this.#clients.set(client, pushes)
    answer.catch(() => pushes.delete(number))
    return answer
  }

  /** Clients come and go with their apps, on a page that stays. */
  #meet(now: number): Map<number, Known> {
    for (const [client, pushes] of this.#clients) {
      if ([...pushes.values()].every(({ endsAt }) => endsAt <= now)) this.#clients.delete(client)
    }
    return new Map()
  }
}
