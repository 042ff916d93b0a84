import type { Script } from '../link.ts'
import { FORGET, LOCKS, MARKS, PLACES, READ } from './pieces.ts'
import { lua, script } from './script.ts'

/**
 * What is due. KEYS: schedule and retry, for Redis to tell of. ARGV[3]: how many at most. Answers the time, when the
 * next of all is due ('' for never), and of each row its set, score and text. A set that somebody made something else
 * is empty.
 */
export const DUE: Script = script(
  'due',
  [],
  lua`
local function due(set) -- the first alone, then as many as will be a megabyte: one text may have ten
  local found, size, count = {}, 0, 1
  while #found < tonumber(ARGV[3]) and size < 1000000 do
    local rows = try('ZRANGEBYSCORE', P .. set, '-inf', us / 1000000, 'WITHSCORES', 'LIMIT', #found, count)
    if rows.err then break end
    for at = 1, #rows, 2 do
      found[#found + 1] = { set, rows[at + 1], rows[at] }
      size = size + #rows[at]
    end
    if #rows < 2 * count then break end
    count = math.ceil(math.min(ARGV[3] - #found, 1000000 * #found / (size + 1)))
  end
  return found
end
local function first_of(set)
  local row = try('ZRANGE', P .. set, 0, 0, 'WITHSCORES')
  return tonumber(not row.err and row[2] or 'inf')
end
local rows, more = due('schedule'), due('retry')
for _, row in ipairs(more) do rows[#rows + 1] = row end
local soonest = math.min(first_of('schedule'), first_of('retry'))
return { string.format('%.3f', us / 1000), soonest < math.huge and string.format('%.6f', soonest) or '', rows }
`,
)

/**
 * Moves due rows, each if it is still there. ARGV from 3: of each its set, its text as read, its queue, and its text as
 * it shall be. Answers how many were moved.
 */
export const PROMOTE: Script = script(
  'promote',
  [READ, LOCKS, FORGET, MARKS, PLACES],
  lua`
local promoted, marks = {}, call('EXISTS', Q .. 'marks') == 1
for at = 3, #ARGV, 4 do
  local set, was, queue, text = unpack(ARGV, at, at + 3)
  if call('ZREM', P .. set, was) == 1 and not (marks and is_marked(was)) then
    promoted[#promoted + 1] = { queue = queue, text = text }
  end
end
enqueue_all('LPUSH', promoted)
return #promoted
`,
)
