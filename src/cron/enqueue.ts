import type { PushPayload } from '../client.ts'
import type { Context } from '../context.ts'
import { toSeconds } from '../payload.ts'
import { MOST_MISSED } from './due.ts'
import type { Definition } from './entry.ts'
import { nextTick, nextTicks } from './schedule.ts'
import { tickJid } from './tick-jid.ts'

/**
 * Storages know a chosen jid for ten minutes. A tick that is later than half of that may have been pushed, by somebody
 * who then died, so long ago that its jid is forgotten.
 */
const KNOWN_MS = 300_000

/** For clocks that differ, and for a push that is under way. */
const SLACK_MS = 900_000

/** A tick without a successor. */
const LONGEST_MARK_MS = 366 * 86_400_000

/**
 * Pushes the job of a tick, once, whoever does it and however often. Answers its jid; null when a middleware stopped it
 * or its unique lock is held.
 *
 * The jid is made from the tick, so the storage stores it once within ten minutes. A mark, kept in the step of the
 * push, says for as long as the tick may be met again that it was pushed. It is the jid's own, though, and would let the
 * same one pass: a late tick therefore has a random one. The mark refuses that if the tick was pushed before, and its
 * answer is the jid of then. It also refuses a process that slept between its look and its push. Jobs that have a
 * unique lock have no room for a mark; with them only the jid and their lock stand against a second one.
 */
export async function enqueueTick(context: Context, definition: Definition, at: number): Promise<string | null> {
  const { clock, namespace, app } = context
  const { name } = definition
  const now = clock.now()
  const payload = { ...payloadOf(definition, now), cron: { name, at: new Date(at).toISOString() } }
  const jid = tickJid(namespace, name, at)
  if (payload.unique_for !== undefined) return app.client.push({ ...payload, jid })
  const mark = { key: `cron:${name}:${at}`, forMs: markMs(definition, at) }
  return app.client.pushOnce(now - at > KNOWN_MS ? payload : { ...payload, jid }, mark)
}

/** Pushes a job of an entry that is of no tick. */
export async function enqueueNow(context: Context, definition: Definition): Promise<string | null> {
  const payload = payloadOf(definition, context.clock.now())
  return context.app.client.push({ ...payload, cron: { name: definition.name } })
}

function payloadOf({ payload, expiresInMs }: Definition, now: number): PushPayload {
  return expiresInMs === undefined ? payload : { ...payload, expires_at: toSeconds(now + expiresInMs) }
}

/** A tick is met again until the next has come, or until a hundred have, where missed ones are made up for. */
function markMs(definition: Definition, at: number): number {
  const end = definition.missed === 'all' ? nextTicks(definition, MOST_MISSED, at).at(-1) : nextTick(definition, at)
  return end === undefined ? LONGEST_MARK_MS : end - at + SLACK_MS
}
