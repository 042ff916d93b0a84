import type { Script } from '../link.ts'
import { READ } from './pieces.ts'
import { lua, script } from './script.ts'

/** ARGV from 3: queue, offset, limit, '1' to turn it round. Answers how many there are, and texts. */
export const PAGE_OF_QUEUE: Script = script(
  'page-of-queue',
  [],
  lua`
local key, offset, limit, rows = P .. 'queue:' .. ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), {}
local size = try('LLEN', key)
if type(size) ~= 'number' then return { 0, rows } end
if limit == 0 then return { size, rows } end
if ARGV[6] == '1' then return { size, call('LRANGE', key, offset, offset + limit - 1) } end
local found = call('LRANGE', key, -offset - limit, -offset - 1) -- the tail is next
for at = #found, 1, -1 do rows[#rows + 1] = found[at] end
return { size, rows }
`,
)

/** ARGV from 3: set, offset, limit, '1' to turn it round. Answers how many there are, and texts and scores. */
export const PAGE_OF_SET: Script = script(
  'page-of-set',
  [],
  lua`
local key, offset, limit = P .. ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local size = try('ZCARD', key)
if type(size) ~= 'number' then return { 0, {} } end
if limit == 0 then return { size, {} } end
return { size, call(ARGV[6] == '1' and 'ZREVRANGE' or 'ZRANGE', key, offset, offset + limit - 1, 'WITHSCORES') }
`,
)

/** With a jid alone it is also given as the match, if JSON writes it as it is: then few texts need to be read. */
const FITS = lua`
local function fits(text) return string.find(text, ARGV[5], 1, true) and (ARGV[6] == '' or read(text).jid == ARGV[6]) end
`

/**
 * ARGV from 3: queue, limit, match, jid, cursor ('' at first): '<rows left>:<given back so far>'. Answers texts and the
 * cursor, '' at the end. From the newest to the oldest, counted from the tail: a job that is claimed leaves there, and
 * those not seen yet come below the mark. New ones come above it. Only what is given back pushes others upward, and
 * that is counted. (Ruby's workers do not count what they give back when they stop.)
 */
export const SCAN_QUEUE: Script = script(
  'scan-queue',
  [READ, FITS],
  lua`
local key = P .. 'queue:' .. ARGV[3]
local fronted = tonumber(call('HGET', Q .. 'fronted', ARGV[3]) or 0)
local left, then_fronted = string.match(ARGV[7], '^(%d+):(%d+)$')
local size = try('LLEN', key)
if type(size) ~= 'number' then return { {}, '' } end
left = math.min(left and left + fronted - then_fronted or size, size)
local low, rows = math.max(0, left - ARGV[4]), {}
for _, text in ipairs(left > 0 and call('LRANGE', key, -left, -low - 1) or {}) do
  if fits(text) then rows[#rows + 1] = text end
end
return { rows, low > 0 and num(low) .. ':' .. num(fronted) or '' }
`,
)

/**
 * ARGV from 3: set, limit, match, jid, cursor ('' at first): '<score> <text>' of the last row. If that is gone, its
 * score is begun again. Answers texts and scores, and the cursor. ZSCAN will not do: of a small set it answers all,
 * whatever the limit.
 */
export const SCAN_SET: Script = script(
  'scan-set',
  [READ, FITS],
  lua`
local key, from = P .. ARGV[3], 0
if type(try('ZCARD', key)) ~= 'number' then return { {}, '' } end
if ARGV[7] ~= '' then
  local score, text = string.match(ARGV[7], '^(%S+) (.*)$')
  local rank = call('ZSCORE', key, text) == score and call('ZRANK', key, text)
  from = rank and rank + 1 or call('ZCOUNT', key, '-inf', '(' .. score)
end
local found, rows = call('ZRANGE', key, from, from + ARGV[4] - 1, 'WITHSCORES'), {}
for at = 1, #found, 2 do
  if fits(found[at]) then rows[#rows + 1], rows[#rows + 2] = found[at], found[at + 1] end
end
local is_full = #found == 2 * ARGV[4]
return { rows, is_full and found[#found] .. ' ' .. found[#found - 1] or '' }
`,
)
