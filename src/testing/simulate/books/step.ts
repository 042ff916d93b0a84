import type { Call } from '../call.ts'
import { must } from '../violation.ts'
import type { Census, Seen } from './census.ts'

interface Group {
  readonly name: string
  readonly jids: string[]
}

/** What one call changed. Each change is taken out as it is explained; what is left at the end has no explanation. */
export class Step {
  readonly before: Census
  readonly now: number
  /** How many claims the store says there are after the call. */
  readonly running: number
  readonly #after: Census
  readonly #method: string
  readonly #left: Map<string, Seen>
  readonly #arrived: Map<string, Seen>
  /** The jobs that came to the front and to the back of a place, in groups that should stand there in this order. */
  readonly #fronts: Map<string, Group[]> = new Map()
  readonly #backs: Map<string, Group[]> = new Map()

  constructor(before: Census, after: Census, { method, now }: Call, running: number) {
    this.before = before
    this.now = now
    this.running = running
    this.#after = after
    this.#method = method
    this.#left = difference(before, after)
    this.#arrived = difference(after, before)
  }

  /** The job has left the place where it was, as it should. */
  left(jid: string): Seen | undefined {
    const seen = this.#left.get(jid)
    this.#left.delete(jid)
    return seen
  }

  /** Whether a job has come to a place. */
  hasArrived(jid: string): boolean {
    return this.#arrived.has(jid)
  }

  /** The job has come to this set, and is due when it should be. */
  scheduled(jid: string, set: string, delayMs: number, text: string): void {
    const seen = this.arrived(jid, set)
    const lateMs = (seen?.at ?? 0) - this.now - Math.max(0, delayMs)
    must(Math.abs(lateMs) <= 1, () => `${this.#method}: the job is due ${lateMs} ms too late`, jid)
    must(seen?.text === text, () => `${this.#method}: the text is not what it should be`, jid)
  }

  /** The job was only moved: not a byte of it has changed. */
  moved(jid: string, place: string, end: 'front' | 'back', text: string, group?: string): void {
    const seen = this.arrived(jid, place, end, group)
    must(seen?.text === text, () => `${this.#method}: the text has changed on the way`, jid)
  }

  /** The job has come to this place, as it should. Those of one group keep their order. */
  arrived(jid: string, place: string, end?: 'front' | 'back', group = ''): Seen | undefined {
    const seen = this.#arrived.get(jid)
    must(seen?.place === place, () => `${this.#method}: the job should be in ${place}, and is in ${seen?.place}`, jid)
    this.#arrived.delete(jid)
    if (end) add(end === 'front' ? this.#fronts : this.#backs, place, group, jid)
    return seen
  }

  /** Everyone who left a place without an explanation so far. */
  get unexplained(): readonly Seen[] {
    return [...this.#left.values()]
  }

  /** Where a job lies after the call. */
  placeOf(jid: string): string | undefined {
    return this.#after.byJid.get(jid)?.place
  }

  /** The jobs of a place after the call. */
  in(place: string): readonly Seen[] {
    return this.#after.byPlace.get(place) ?? []
  }

  /** Throws a Violation for each change that nobody explained, and where the order is not what it should be. */
  close(): void {
    for (const { jid, place } of this.#left.values()) {
      must(false, () => `${this.#method}: the job vanished from ${place}`, jid)
    }
    for (const { jid, place } of this.#arrived.values()) {
      must(false, () => `${this.#method}: the job turned up in ${place}, where nobody put it`, jid)
    }
    for (const place of this.#after.byPlace.keys()) if (place.startsWith('queue ')) this.#checkOrder(place)
  }

  /** Those who came to the front, those who stayed, those who came to the back: each in order. */
  #checkOrder(place: string): void {
    const after = this.in(place).map(({ jid }) => jid)
    const front = inOrder(this.#fronts.get(place), after)
    const back = inOrder(this.#backs.get(place), after)
    const newcomers = new Set([...front, ...back])
    const stayed = (this.before.byPlace.get(place) ?? []).filter(({ jid, key }) => {
      const seen = this.#after.byJid.get(jid)
      return !newcomers.has(jid) && seen?.key === key && seen.place === place
    })
    const expected = [...front, ...stayed.map(({ jid }) => jid), ...back]
    const wrong = after.findIndex((jid, index) => jid !== expected[index])
    must(wrong < 0, () => `${this.#method}: ${place} is out of order`, after[wrong] ?? '')
  }
}

/** Those of one census that the other does not know in the same place. Every coming and going changes the key. */
function difference(one: Census, other: Census): Map<string, Seen> {
  const found = new Map<string, Seen>()
  if (one === other) return found
  for (const seen of one.byJid.values()) {
    const twin = other.byJid.get(seen.jid)
    if (twin?.key !== seen.key || twin.place !== seen.place) found.set(seen.jid, seen)
  }
  return found
}

function add(map: Map<string, Group[]>, place: string, name: string, jid: string): void {
  const groups = map.get(place) ?? []
  const group = groups.find((each) => each.name === name)
  if (group) group.jids.push(jid)
  else groups.push({ name, jids: [jid] })
  map.set(place, groups)
}

/** Which group comes before which is not promised. */
function inOrder(groups: readonly Group[] = [], after: readonly string[]): string[] {
  const start = ({ jids }: Group) => after.indexOf(jids[0] ?? '')
  return [...groups].sort((a, b) => start(a) - start(b)).flatMap(({ jids }) => jids)
}
