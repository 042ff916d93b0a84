import type { PushPayload } from '../client.ts'
import type { Context } from '../context.ts'
import { toSeconds } from '../payload.ts'
import type { Claim } from './book.ts'
import { MOST_MISSED } from './due.ts'
import type { Definition } from './entry.ts'
import { nextTick, nextTicks } from './schedule.ts'
import { tickJid } from './tick-jid.ts'

/** For clocks that differ, and for a push that is under way. */
const SLACK_MS = 900_000

/** A tick without a successor. */
const LONGEST_MARK_MS = 366 * 86_400_000

/**
 * Pushes the job of a tick, once, whoever does it and however often. Answers its jid; null when a middleware stopped it
 * or its unique lock is held.
 *
 * The storage keeps a mark in the step of the push, for as long as the tick may be met again, and refuses a second job
 * under it: from whoever finds no note of the first because its process died, and from whoever slept for hours with the
 * push in hand. A mark lets its own jid pass, so each claim has another: a jid is made from the tick and the number of
 * the claim, 0 when nothing went wrong. The answer is the jid that was first.
 *
 * A job with a unique lock has no room for a mark. Its jid is the same for all claims, and known to storages for ten
 * minutes, as long as its claim is fresh; beyond that only its lock stands against a second one.
 */
export async function enqueueTick(
  context: Context,
  definition: Definition,
  at: number,
  claim: Claim,
): Promise<string | null> {
  const { clock, namespace, app } = context
  const { name } = definition
  const now = clock.now()
  const payload = { ...payloadOf(definition, now), cron: { name, at: new Date(at).toISOString() } }
  if (payload.unique_for === undefined) {
    const mark = { key: `cron:${name}:${at}`, forMs: markMs(definition, at) }
    return app.client.pushOnce({ ...payload, jid: tickJid(namespace, name, at, claim.attempt) }, mark)
  }
  return app.client.push({ ...payload, jid: tickJid(namespace, name, at, 0) })
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
