import { beforeEach, describe, expect, test } from 'vitest'
import { JobTimeoutError, UnknownJobError } from '../../../src/errors.ts'
import type { Outcome } from '../../../src/worker/execute.ts'
import { NetworkGate } from '../../../src/worker/network-gate.ts'
import { engine } from '../support/engine.ts'

const AWAY: Outcome = { kind: 'parked', error: new TypeError('Failed to fetch') }
const DONE: Outcome = { kind: 'completed', value: undefined }
const FAILED: Outcome = { kind: 'failed', error: new Error('500') }

let here: ReturnType<typeof engine>
let gate: NetworkGate
let turns: number
let events: [string, unknown][]

beforeEach(() => {
  here = engine()
  gate = new NetworkGate(here.context, 'w')
  events = here.heard('network:lost', 'network:back')
  turns = 0
  gate.onTurn = () => turns++
})

const task = () => here.task({ requires: 'network' })

/** A job that is admitted, and what becomes of it. */
function run(outcome: Outcome) {
  const one = task()
  const admitted = gate.admits(one)
  if (admitted) gate.ended(one, outcome)
  return admitted
}

/** Lets the gate be closed, and the first probe be due. */
async function closed() {
  run(AWAY)
  await here.clock.advance(1_000)
}

describe('open', () => {
  test('it admits all jobs', () => {
    expect([gate.isOpen, gate.waitMs]).toEqual([true, 0])
    expect([gate.admits(task()), gate.admits(task()), gate.admits(here.task())]).toEqual([true, true, true])
  })

  test.each([DONE, FAILED, { kind: 'cancelled' } as const])('it stays open after a job that was %o', (outcome) => {
    run(outcome)
    expect([gate.isOpen, events]).toEqual([true, []])
  })

  test('a job that finds the network away closes it, told once with the error', () => {
    const [one, two] = [task(), task()]
    gate.admits(one)
    gate.admits(two)
    gate.ended(one, AWAY)
    gate.ended(two, AWAY)
    expect(gate.isOpen).toBe(false)
    expect(events).toEqual([['network:lost', { worker: 'w', error: AWAY.error }]])
    expect(here.lines.map(([level]) => level)).toEqual(['warn'])
    expect(gate.waitMs).toBeLessThanOrEqual(1_000)
  })

  test('a job that does not require the network says nothing of it', () => {
    const one = here.task()
    gate.admits(one)
    gate.ended(one, AWAY)
    expect([gate.isOpen, gate.isMet]).toEqual([true, false])
  })
})

describe('closed', () => {
  beforeEach(closed)

  test('it admits other jobs', () => {
    expect(gate.admits(here.task())).toBe(true)
  })

  test('it admits one job as the probe when that is due', () => {
    expect([gate.waitMs, gate.admits(task()), gate.admits(task())]).toEqual([0, true, false])
  })

  test.each([DONE, FAILED])('a probe that ends otherwise opens it: %o', async (outcome) => {
    await here.clock.advance(4_000)
    run(outcome)
    expect([gate.isOpen, gate.isProven]).toEqual([true, true])
    expect(events.at(-1)).toEqual(['network:back', { worker: 'w', awayMs: 5_000 }])
    expect(here.lines.map(([level]) => level)).toEqual(['warn', 'info'])
  })

  test.each([
    ['finds the network away', AWAY],
    ['runs out of time', { kind: 'failed', error: new JobTimeoutError('late') }],
    ['is not known here', { kind: 'failed', error: new UnknownJobError('who?') }],
  ] as [string, Outcome][])('after a probe that %s the next one comes later each time, up to 15 s', async (_, end) => {
    const waits: number[] = []
    for (let probe = 0; probe < 8; probe++) {
      expect(run(end)).toBe(true)
      waits.push(gate.waitMs)
      await here.clock.advance(gate.waitMs)
    }
    expect(gate.isOpen).toBe(false)
    for (const [index, longest] of [2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000, 15_000].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(0.75 * longest)
      expect(waits[index]).toBeLessThanOrEqual(longest)
    }
    expect(new Set(waits).size).toBe(8)
  })

  test.each(['cancelled', 'expired', 'unfinished', 'lost'] as const)(
    'after a probe that was %s another one begins at once',
    (kind) => {
      run({ kind })
      expect([gate.isOpen, gate.waitMs]).toEqual([false, 0])
    },
  )

  test('a hint makes the next probe due now, and the waits short again', async () => {
    for (let probe = 0; probe < 5; probe++) {
      run(AWAY)
      await here.clock.advance(gate.waitMs)
    }
    run(AWAY)
    turns = 0
    gate.hint()
    expect([gate.waitMs, turns]).toEqual([0, 1])
    run(AWAY)
    expect(gate.waitMs).toBeLessThanOrEqual(1_000)
  })

  test('a hint gives a probe that is under way one more second', async () => {
    const probe = task()
    gate.admits(probe)
    gate.hint()
    expect([gate.waitMs, gate.admits(task())]).toEqual([1_000, false])
    await here.clock.advance(1_000)
    expect([gate.admits(task()), gate.admits(task())]).toEqual([true, false])
  })

  test('a probe that hangs makes way for another one after 15 s, and opens it if it ends well after all', async () => {
    const [hanging, next] = [task(), task()]
    gate.admits(hanging)
    await here.clock.advance(14_999)
    expect(gate.admits(next)).toBe(false)
    await here.clock.advance(1)
    expect(gate.admits(next)).toBe(true)
    gate.ended(hanging, AWAY)
    expect(gate.waitMs).toBe(15_000)
    gate.ended(next, DONE)
    expect(gate.isOpen).toBe(true)
  })
})

describe('a run has no news of what was before or after', () => {
  test('one that began before the gate closed does not open it', () => {
    const [before, one] = [task(), task()]
    gate.admits(before)
    gate.admits(one)
    gate.ended(one, AWAY)
    gate.ended(before, DONE)
    expect(gate.isOpen).toBe(false)
  })

  test('one that began before it opened does not close it', async () => {
    const [before, one] = [task(), task()]
    gate.admits(before)
    gate.admits(one)
    gate.ended(one, AWAY)
    await here.clock.advance(1_000)
    run(DONE)
    gate.ended(before, AWAY)
    expect(gate.isOpen).toBe(true)
  })
})

describe('while it is open and jobs are seen waiting', () => {
  test('only a job that ends well after that proves that they need not', () => {
    run(DONE)
    expect([gate.isProven, turns]).toEqual([false, 0])
    gate.looked(true)
    expect(gate.isProven).toBe(false)
    run({ kind: 'cancelled' })
    expect([gate.isProven, turns]).toEqual([false, 0])
    run(DONE)
    expect([gate.isProven, turns]).toEqual([true, 1])
    gate.looked(true)
    expect(gate.isProven).toBe(true)
    gate.looked(false)
    expect(gate.isProven).toBe(false)
  })
})

test('no two jobs are parked at the same time, also when the clock goes back', () => {
  const now = here.clock.now()
  const first = [gate.parkedAt(), gate.parkedAt()]
  here.clock.now = () => now - 60_000
  expect([...first, gate.parkedAt()]).toEqual([now, now + 1, now + 2])
})
