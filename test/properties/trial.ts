import type { ClaimedJob, Entry, Exchange, Place, Settlement, Storage } from '../../src/storage.ts'
import { equal } from '../conformance/assert.ts'
import { jids, job } from '../conformance/jobs.ts'
import { queue, rowsIn } from '../conformance/places.ts'
import { ABOUT } from '../conformance/workers.ts'
import { type Command, QUEUES } from './commands.ts'
import { LEASE_MS, Model, type ModelSettlement } from './model.ts'

/**
 * Time goes in steps a little longer than the minutes in which delays are told: what is due is due for certain, and
 * what is not is not, also for a store whose own time cannot be stopped.
 */
const STEP_MS = 61_000

const MINUTE_MS = 60_000

const PLACES: readonly Place[] = ['scheduled', 'retry', 'dead', ...QUEUES.map(queue)]

const LOCK_MS = 3 * MINUTE_MS

/** A worker, as far as it knows itself. */
interface Hand {
  readonly id: string
  request: number
  /** The last request whose answer it has heard. */
  answered: number
  last: { readonly exchange: Exchange; readonly settlements: readonly ModelSettlement[] } | undefined
  /** What it believes to have: the storage's token, and the model's name, of each. */
  readonly held: { readonly job: ClaimedJob; readonly name: number }[]
  heard: readonly string[]
}

/** One storage and one model, which are told the same things, and should give the same answers. */
export class Trial {
  readonly #storage: Storage
  readonly #advance: (ms: number) => Promise<void> | void
  readonly #model = new Model()
  readonly #hands: Hand[] = ['worker-0', 'worker-1', 'worker-2'].map(handOf)
  readonly #pushed: string[] = []
  readonly #locks = new Map<string, string>()
  #lastPush: { readonly entries: readonly Entry[]; readonly refusals: unknown; readonly at: number } | undefined
  #pushes = 0
  /** Makes each delay a little longer than the one before: jobs due at the same instant have no promised order. */
  #serial = 0

  constructor(storage: Storage, advance: (ms: number) => Promise<void> | void) {
    this.#storage = storage
    this.#advance = advance
  }

  /** Says it to both, and compares what they answer, and what is then stored. */
  async say(command: Command): Promise<void> {
    await this.#say(command)
    await this.#compare()
  }

  async #say(command: Command): Promise<unknown> {
    switch (command.do) {
      case 'push':
        return this.#push(command)
      case 'push again':
        return this.#pushAgain()
      case 'exchange':
        return this.#exchange(command)
      case 'exchange again':
        return this.#exchangeAgain(this.#hand(command.worker))
      case 'promote':
        return equal(
          (await this.#storage.promote(command.limit)).promoted,
          this.#model.promote(command.limit),
          'promote',
        )
      case 'beat':
        return this.#beat(this.#hand(command.worker), command.forgets)
      case 'signal': {
        const { id } = this.#hand(command.worker)
        return equal(await this.#storage.signal(id, command.signal), this.#model.signal(id, command.signal), 'signal')
      }
      case 'recover':
        return this.#recover(this.#hand(command.worker))
      case 'rescue':
        return this.#rescue(this.#hand(command.worker))
      case 'retire':
        return this.#retire(this.#hand(command.worker))
      case 'cancel': {
        const jid = this.#pushed[command.which % Math.max(1, this.#pushed.length)] ?? 'nobody'
        return equal(await this.#storage.cancel(jid), this.#model.cancel(jid), `cancel ${jid}`)
      }
      case 'move':
        return this.#move(command)
      case 'remove':
        return this.#remove(command)
      case 'clear': {
        const place = placeOf(command.place)
        return equal(await this.#storage.clear(place), this.#model.clear(place), 'clear')
      }
      case 'pause':
        if (command.paused) this.#model.paused.add(command.queue)
        else this.#model.paused.delete(command.queue)
        return this.#storage.pause(command.queue, command.paused)
      case 'lock':
      case 'unlock':
        return this.#lock(command)
      case 'write':
        return this.#write(command)
      case 'wait':
        return this.#wait(command.minutes)
    }
  }

  // ─── produce ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #push({ jobs }: Extract<Command, { do: 'push' }>): Promise<void> {
    const entries = jobs.map(({ queue, minutes, lock }) => {
      const jid = `job-${this.#pushed.length}`
      const key = lock === undefined ? undefined : `lock-${lock}`
      const delayMs = minutes === 0 ? 0 : this.#delay(minutes)
      this.#pushed.push(jid)
      return job(jid, { queue, delayMs, ...(key ? { unique: { key, forMs: LOCK_MS } } : {}) })
    })
    const refusals = await this.#storage.push(entries, { client: 'trial', number: ++this.#pushes })
    const expected = entries.flatMap(({ jid, queue, delayMs, unique }, index) => {
      const holder = this.#model.push({ jid, queue, at: 0, lock: unique?.key }, delayMs, LOCK_MS)
      if (unique && holder === undefined) this.#locks.set(jid, unique.key)
      return holder === undefined ? [] : [{ index, holder }]
    })
    equal(refusals, expected, 'push')
    this.#lastPush = { entries, refusals, at: this.#model.now }
  }

  async #pushAgain(): Promise<void> {
    // Long ago, nobody remembers.
    if (!this.#lastPush || this.#model.now - this.#lastPush.at > 9 * MINUTE_MS) return
    const { entries, refusals } = this.#lastPush
    equal(await this.#storage.push(entries, { client: 'trial', number: this.#pushes }), refusals, 'push again')
  }

  // ─── consume ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #exchange({ worker, settle, queues, limit, isLost }: Extract<Command, { do: 'exchange' }>): Promise<void> {
    const hand = this.#hand(worker)
    const chosen = settle.flatMap(({ which, ...how }) =>
      hand.held.splice(which % Math.max(1, hand.held.length), 1).map((held) => ({ ...how, ...held })),
    )
    const delayed = chosen.map((each) => ({ ...each, delayMs: this.#delay(each.minutes) }))
    const exchange: Exchange = {
      worker: hand.id,
      leaseMs: LEASE_MS,
      lane: 'main',
      request: ++hand.request,
      settlements: delayed.map(({ job, to, tally, delayMs }) => this.#settlement(job, to, tally, delayMs)),
      queues,
      limit,
      ahead: 0,
      begun: [],
    }
    hand.last = { exchange, settlements: delayed }
    await this.#send(hand, exchange, delayed, isLost)
  }

  async #exchangeAgain(hand: Hand): Promise<void> {
    if (hand.last) await this.#send(hand, hand.last.exchange, hand.last.settlements, false)
  }

  async #send(hand: Hand, exchange: Exchange, settlements: readonly ModelSettlement[], isLost: boolean): Promise<void> {
    const { jobs, refused } = await this.#storage.exchange(exchange)
    const expected = this.#model.exchange(hand.id, exchange.request, settlements, exchange.queues, exchange.limit)
    equal(
      jobs.map(({ queue, recoveries }, index) => ({ jid: jids(jobs)[index], queue, recoveries })),
      expected.claims.map(({ jid, queue, recoveries }) => ({ jid, queue, recoveries })),
      `the claims of ${hand.id}`,
    )
    const tokens = new Map(exchange.settlements.map(({ token }, index) => [settlements[index]?.name, token]))
    equal(
      refused,
      expected.refused.map((name) => tokens.get(name)),
      'what is refused',
    )
    if (isLost) return
    hand.answered = exchange.request
    for (const [index, job] of jobs.entries()) {
      const name = expected.claims[index]?.name ?? 0
      if (!hand.held.some((held) => held.job.token === job.token) && this.#isHeld(hand.id, name))
        hand.held.push({ job, name })
    }
  }

  /** A repeated answer may tell of what was settled long since. */
  #isHeld(id: string, name: number): boolean {
    return this.#model.workers.get(id)?.claims.some((claim) => claim.name === name) === true
  }

  #settlement(
    { token, text }: ClaimedJob,
    to: Settlement['to'],
    tally: Settlement['tally'],
    delayMs: number,
  ): Settlement {
    const [jid = ''] = jids([{ text }])
    const key = this.#locks.get(jid)
    const base = { token, tally }
    if (to === 'nowhere') return { ...base, to, ...(key ? { unlock: { key, owner: jid } } : {}) }
    if (to === 'queue') return { ...base, to }
    return to === 'dead' ? { ...base, to, text } : { ...base, to, text, delayMs }
  }

  async #beat(hand: Hand, forgets: boolean): Promise<void> {
    hand.held.splice(0, forgets ? 1 : 0)
    const report = { worker: hand.id, leaseMs: LEASE_MS, about: ABOUT, quiet: false, running: [] }
    const heard = hand.heard as never
    const held = hand.held.map(({ job }) => job.token)
    const answer = await this.#storage.beat({ ...report, heard, held, answered: { main: hand.answered } })
    const expected = this.#model.beat(
      hand.id,
      hand.held.map(({ name }) => name),
      hand.heard,
      hand.answered,
    )
    const tokenOf = (name: number) => hand.held.find((held) => held.name === name)?.job.token
    equal([...answer.signals].sort(), [...expected.signals].sort(), 'signals')
    // A storage may tell of claims whose answer is still under way; the worker cannot know those tokens.
    const cancelled = answer.cancelled.filter((token) => held.includes(token))
    equal(
      cancelled.sort(),
      expected.cancelled
        .map(tokenOf)
        .filter((token) => token !== undefined)
        .sort(),
      'cancelled',
    )
    equal([...answer.lost].sort(), expected.lost.map(tokenOf).sort(), 'lost')
    hand.heard = answer.signals
    // It has told that the answer arrived, so it never asks again: a storage may have given back what was not held.
    if (hand.answered === hand.request) hand.last = undefined
    for (const name of expected.lost)
      hand.held.splice(
        hand.held.findIndex((held) => held.name === name),
        1,
      )
  }

  async #recover({ id }: Hand): Promise<void> {
    equal((await this.#storage.recover(id)).requeued, this.#model.recover(id), 'recover')
  }

  async #rescue(hand: Hand): Promise<void> {
    for (let beats = 0; beats < 3; beats++) {
      await this.#beat(hand, false)
      await this.#wait(2)
    }
    await this.#recover(hand)
  }

  async #wait(minutes: number): Promise<void> {
    this.#model.now += minutes * STEP_MS
    await this.#advance(minutes * STEP_MS)
  }

  async #retire(hand: Hand): Promise<void> {
    await this.#storage.retire(hand.id)
    this.#model.retire(hand.id)
    this.#hands[this.#hands.indexOf(hand)] = handOf(`${hand.id}'`)
  }

  // ─── manage ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #move({ place, which, to, minutes }: Extract<Command, { do: 'move' }>): Promise<void> {
    const from = placeOf(place)
    const row = await this.#row(from, which)
    if (!row) return
    const target = placeOf(to)
    const delayMs = this.#delay(minutes)
    const where = target === 'dead' ? target : typeof target === 'string' ? { set: target, delayMs } : target
    equal(await this.#storage.move(from, [{ key: row.key, to: where }]), [true], 'move')
    this.#model.move(from, row.jid, where)
    // Where rows are known by their bytes, one that came back to the same place has the key that it had.
    if (target === from) return
    equal(await this.#storage.move(from, [{ key: row.key, to: 'dead' }]), [false], 'a move of what has moved on')
  }

  async #remove({ place, which }: Extract<Command, { do: 'remove' }>): Promise<void> {
    const from = placeOf(place)
    const row = await this.#row(from, which)
    if (!row) return
    equal(await this.#storage.remove(from, [row.key]), 1, 'remove')
    this.#model.remove(from, row.jid)
  }

  async #row(place: Place, which: number): Promise<{ key: string; jid: string } | undefined> {
    const rows = await rowsIn(this.#storage, place)
    const row = rows[which % Math.max(1, rows.length)]
    return row && { key: row.key, jid: jids([row])[0] ?? '' }
  }

  // ─── small things ──────────────────────────────────────────────────────────────────────────────────────────────────

  async #lock({ do: what, key, owner }: Extract<Command, { do: 'lock' | 'unlock' }>): Promise<void> {
    const [name, who] = [`lock-${key}`, this.#pushed[owner % Math.max(1, this.#pushed.length)] ?? 'somebody']
    if (what === 'unlock') equal(await this.#storage.unlock(name, who), this.#model.unlock(name, who), 'unlock')
    else equal(await this.#storage.lock(name, who, LOCK_MS), this.#model.lock(name, who, LOCK_MS), 'lock')
  }

  async #write({ name, text, isCurrent }: Extract<Command, { do: 'write' }>): Promise<void> {
    const document = `document-${name}`
    const version = (await this.#storage.readDocument(document))?.version ?? 0
    const isWritten = await this.#storage.writeDocument(document, text, isCurrent ? version : version + 1)
    equal(isWritten, isCurrent, 'whether the document was written')
    if (isCurrent && text !== undefined) this.#model.documents.set(document, text)
    else if (isCurrent) this.#model.documents.delete(document)
    equal((await this.#storage.readDocument(document))?.text, this.#model.documents.get(document), 'the document')
  }

  // ─── the whole ─────────────────────────────────────────────────────────────────────────────────────────────────────

  async #compare(): Promise<void> {
    for (const place of PLACES) {
      const expected = this.#model.jobsIn(place).map(({ jid }) => jid)
      equal(jids(await rowsIn(this.#storage, place)), expected, `the jobs in ${JSON.stringify(place)}`)
    }
    const { processed, failed, running } = await this.#storage.stats(0)
    equal({ processed, failed, running }, { ...this.#totals(), running: this.#model.running }, 'the statistics')
  }

  #totals(): { processed: number; failed: number } {
    const { processed, failed } = this.#model
    return { processed, failed }
  }

  #hand(which: number): Hand {
    return this.#hands[which] as Hand
  }

  #delay(minutes: number): number {
    return minutes * MINUTE_MS + ++this.#serial * 10
  }
}

const handOf = (id: string): Hand => ({ id, request: 0, answered: 0, last: undefined, held: [], heard: [] })

const placeOf = (which: number): Place => PLACES[which % PLACES.length] as Place
