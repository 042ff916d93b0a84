import type { App } from '../app.ts'
import { type Context, contextOf, type Ground } from '../context.ts'
import { OptionError } from '../errors.ts'
import { aFunction, check, checkOptions, describe, oneOf, type Rules } from '../options.ts'
import { InlineGround } from './inline-ground.ts'
import { isInside, runInside } from './nesting.ts'
import { TestGround, type TestMode } from './test-ground.ts'

export interface InlineOptions {
  /** When a job runs that is due later: 'now' (default), or 'kept' until `advance` comes to its time. */
  readonly scheduled?: 'now' | 'kept'
}

const INLINE_OPTIONS: Rules = { scheduled: oneOf('now', 'kept') }

/** A part of a test that runs in a mode, and the ground that the app stands on meanwhile. */
interface Block {
  readonly ground: Ground
}

/** Where an app stands for good, and the blocks that are open, the innermost last. */
interface Standing {
  readonly own: Ground
  base: Ground
  blocks: readonly Block[]
}

const standings = new WeakMap<Context, Standing>()

/**
 * Jobs are kept in memory, to be looked at with `jobs`, and performed by `drain` and `advance`: by the real engine, with
 * middleware, retries and handlers. Nothing reaches the app's own storage.
 *
 * Holds from now on, each call starting afresh; or for a block, after which all is as before, also when it throws.
 * Blocks nest. Throws OptionError while the app has a worker, when a block is still open for which the call would not
 * wait, and when a block ends before what it started.
 */
export function fake(app: App): void
export function fake<T>(app: App, block: () => T | Promise<T>): Promise<T>
export function fake<T>(app: App, block?: () => T | Promise<T>): undefined | Promise<T> {
  return enter('fake', app, (context) => new TestGround('fake', context), block)
}

/**
 * Jobs are performed when they are enqueued, by the real engine; what they throw, the caller of `performAsync` gets.
 * What fails waits for its retry until `advance`. As with `fake`, nothing reaches the app's own storage.
 */
export function inline(app: App, options?: InlineOptions): void
export function inline<T>(app: App, block: () => T | Promise<T>): Promise<T>
export function inline<T>(app: App, options: InlineOptions, block: () => T | Promise<T>): Promise<T>
export function inline<T>(
  app: App,
  first: InlineOptions | (() => T | Promise<T>) = {},
  second?: () => T | Promise<T>,
): undefined | Promise<T> {
  const [options, block] = typeof first === 'function' ? [{}, first] : [first, second]
  checkOptions('inline()', options, INLINE_OPTIONS)
  return enter('inline', app, (context) => new InlineGround(context, options.scheduled ?? 'now'), block)
}

/** No testing mode: jobs go to the app's own storage, for a test of the whole. For good or for a block. */
export function disable(app: App): void
export function disable<T>(app: App, block: () => T | Promise<T>): Promise<T>
export function disable<T>(app: App, block?: () => T | Promise<T>): undefined | Promise<T> {
  return enter('disable', app, (context) => standingOf(context).own, block)
}

type Call = TestMode | 'disable'

function enter<T>(
  call: Call,
  app: App,
  groundOn: (context: Context) => Ground,
  block: (() => T | Promise<T>) | undefined,
): undefined | Promise<T> {
  if (block !== undefined) return enterBlock(call, app, groundOn, block)
  const context = contextToChange(call, app)
  const standing = standingOf(context)
  if (standing.blocks.length > 0) {
    throw new OptionError(`${call}(app) holds for good, but a block is open, which would end it; give it a block too.`)
  }
  context.ground = standing.own
  standing.base = groundOn(context)
  context.ground = standing.base
  return undefined
}

async function enterBlock<T>(
  call: Call,
  app: App,
  groundOn: (context: Context) => Ground,
  body: () => T | Promise<T>,
): Promise<T> {
  check(`${call}(): the block`, body, aFunction)
  const context = contextToChange(call, app)
  const outer = standingOf(context).blocks.at(-1)
  if (outer && !isInside(outer)) {
    throw new OptionError(
      `${call}(): another block is open on this app, and this one is not inside of it. Await one before the next, or give each test an app of its own.`,
    )
  }
  const block = { ground: groundOn(context) }
  open(context, block)
  try {
    const answer = await runInside(block, body)
    assertOver(call, context, block)
    return answer
  } finally {
    close(context, block)
  }
}

/** The context of an app whose mode may change. */
function contextToChange(call: Call, app: App): Context {
  const context = contextOf(app)
  if (context.app !== app) throw new OptionError(`${call}() takes an app; got ${describe(app)}.`)
  if (call !== 'disable' && context.workers.size > 0) {
    throw new OptionError(`${call}(): the app has a worker, which would go on with the app's own jobs; stop it first.`)
  }
  return context
}

function standingOf(context: Context): Standing {
  const known = standings.get(context)
  if (known) return known
  const standing = { own: context.ground, base: context.ground, blocks: [] }
  standings.set(context, standing)
  return standing
}

function open(context: Context, block: Block): void {
  const standing = standingOf(context)
  standing.blocks = [...standing.blocks, block]
  context.ground = block.ground
}

/** Whatever the order in which blocks end: the app stands on the innermost that is open. */
function close(context: Context, block: Block): void {
  const standing = standingOf(context)
  standing.blocks = standing.blocks.filter((each) => each !== block)
  context.ground = standing.blocks.at(-1)?.ground ?? standing.base
}

/** Throws when something goes on that began in the block: it would go on outside of it. */
function assertOver(call: Call, context: Context, block: Block): void {
  if (standingOf(context).blocks.at(-1) !== block) {
    throw new OptionError(`${call}(): the block ended while another one inside of it was open; await that one.`)
  }
  if (block.ground instanceof TestGround && block.ground.isBusy) {
    throw new OptionError(`${call}(): the block ended while a job was performed; await drain() or performAsync().`)
  }
}
