import type { Script } from '../link.ts'

/** Lua between backticks, as it stands: no escape in it is JavaScript's. */
export const lua: (text: TemplateStringsArray, ...parts: string[]) => string = String.raw

/**
 * In front of every script. `P` begins all keys, `Q` those that are ours and not Sidekiq's.
 *
 * `us` and `now` are the time of Redis in microseconds and milliseconds. Numbers go into commands as they are: Redis
 * writes all their digits. Lua's own `..` and tostring() keep only 14, so what becomes part of a string goes through
 * num().
 */
const HEAD = lua`
local P, Q = ARGV[1], ARGV[1] .. 'quayside:'
local call, try = redis.call, redis.pcall
local time = call('TIME')
local us = time[1] * 1000000 + time[2] + ARGV[2] * 1000 -- ARGV[2] is the offset of a test clock, 0 in life
local now = math.floor(us / 1000)
local function num(n) return string.format('%.0f', n) end
`

/** A script from the shared pieces that it needs, in their order, and its own text. Its arguments begin at ARGV[3]. */
export function script(name: string, pieces: readonly string[], body: string, growing = false): Script {
  return { name, lua: [HEAD, ...pieces, body].join(''), growing }
}
