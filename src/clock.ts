/**
 * The one seam through which time, timers, turns, randomness and ids come in. Nothing else in the core asks the
 * platform for them, so tests move the clock instead of sleeping, and the whole engine runs in a seeded simulation.
 */
export interface Clock {
  /** Wall-clock time, in milliseconds since 1970. May jump either way. */
  now(): number
  /** Milliseconds since some fixed moment, never backwards: for measuring how long something took. */
  monotonic(): number
  /** Calls `run` once, after `ms` milliseconds (any number, beyond 2^31 too). Answers a function that cancels. */
  after(ms: number, run: () => void): () => void
  /** Calls `run` when the code that runs now, and the promise jobs it has queued so far, are done. */
  turn(run: () => void): void
  /** Calls `run` when the timers, messages and I/O that are due have had their turn. */
  breathe(run: () => void): void
  /** A number from 0 up to but not including 1. */
  random(): number
  /** A new id: 12 random bytes as 24 lowercase hex digits, as Sidekiq's jids are. */
  id(): string
}

/** The longest that setTimeout can wait: it takes a signed 32-bit number, and turns more into 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The platform's own clock. Its globals are looked up at each call, so that fake timers set later are obeyed. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: startTimer,
  turn: (run) => queueMicrotask(run),
  breathe: startBreath,
  random: () => Math.random(),
  id: randomId,
}

function startTimer(ms: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>
  const arm = (left: number) => {
    const step = Math.min(left, LONGEST_TIMER_MS)
    timer = setTimeout(() => (left > step ? arm(left - step) : run()), step)
  }
  arm(Math.max(0, ms))
  return () => clearTimeout(timer)
}

/** Node has setImmediate, browsers of today scheduler.yield; a nested setTimeout(0) takes 4 ms there. */
function startBreath(run: () => void): void {
  const { setImmediate, scheduler } = globalThis as {
    setImmediate?: (run: () => void) => void
    scheduler?: { yield?: () => Promise<void> }
  }
  if (setImmediate) setImmediate(run)
  else if (scheduler?.yield) scheduler.yield().then(run)
  else setTimeout(run)
}

const ID_BYTES = 12
const HEX = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Random bytes come a pool at a time: asking the platform for 12 costs more than all the rest of an enqueue. */
const pool = new Uint8Array(ID_BYTES * 256)
let used = pool.length

/** The digits of one id. A string made from codes is one piece; one that grows by `+=` stays a tree of pieces. */
const codes = new Array<number>(ID_BYTES * 2).fill(0)

function randomId(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  for (let index = 0; index < codes.length; used++) {
    const byte = pool[used] as number
    codes[index++] = HEX[byte >> 4] as number
    codes[index++] = HEX[byte & 15] as number
  }
  return String.fromCharCode.apply(undefined, codes)
}
