import type { Script } from '../link.ts'
import { FORGET, LOCKS, MARKS, NUMBERS, PLACES, READ } from './pieces.ts'
import { lua, script } from './script.ts'
import { FORGET_WORKER } from './worker-pieces.ts'

/**
 * ARGV from 3: from ('schedule', 'retry', 'dead' or 'queue:<q>'), dead max, dead ms, then of each row its text, to (a
 * place like the first, or '' to delete it), '1' if it gets a new text, that text, and the delay. Answers 1 for each
 * row that was there, else 0.
 */
export const MOVE: Script = script(
  'move',
  [READ, LOCKS, FORGET, MARKS, PLACES],
  lua`
local from, moved, dying = P .. ARGV[3], {}, 0
local kind, marks = call('TYPE', from).ok, call('EXISTS', Q .. 'marks') == 1
for at = 6, #ARGV, 5 do
  local was, to, is_new, text, delay = unpack(ARGV, at, at + 4)
  if is_new ~= '1' then text = was end
  local there = kind == 'list' and call('LREM', from, -1, was) or kind == 'zset' and call('ZREM', from, was) or 0
  if there == 1 and to ~= '' and to ~= 'dead' and marks and is_marked(was) then there = 0 end
  moved[#moved + 1] = there
  if there == 0 then -- it has moved on
  elseif to == '' then
    forget(was)
  elseif to == 'dead' then
    forget(was)
    put('dead', (us + dying) / 1000, text) -- microseconds apart: in order
    dying = dying + 1
  elseif to == 'schedule' or to == 'retry' then
    put(to, now + math.max(0, delay), text)
  else
    enqueue('LPUSH', string.sub(to, 7), { text })
  end
end
if dying > 0 then trim(ARGV[4], ARGV[5]) end
return moved
`,
)

/**
 * ARGV[3]: 'queue:<q>' or a set. Takes all rows away at once, and puts them aside: what hangs on them is freed
 * afterwards, some at a time. Answers how many.
 */
export const CLEAR: Script = script(
  'clear',
  [NUMBERS],
  lua`
local key = P .. ARGV[3]
local kind = call('TYPE', key).ok
if kind ~= 'list' and kind ~= 'zset' then return 0 end
local aside = Q .. 'clearing:' .. num(new_number())
call('RENAME', key, aside)
call('SADD', Q .. 'clearings', aside)
if string.sub(ARGV[3], 1, 6) == 'queue:' then try('SREM', P .. 'queues', string.sub(ARGV[3], 7)) end
return call(kind == 'list' and 'LLEN' or 'ZCARD', aside)
`,
)

/** Works off what was put aside, also by one who died meanwhile. Answers 1 until nothing is left. */
export const CLEARING: Script = script(
  'clearing',
  [READ, LOCKS, FORGET],
  lua`
local aside = call('SRANDMEMBER', Q .. 'clearings')
if not aside then return 0 end
local is_list = call('TYPE', aside).ok == 'list'
local rows = is_list and call('RPOP', aside, 500) or not is_list and call('ZPOPMIN', aside, 500) or {}
for at = 1, #rows, is_list and 1 or 2 do forget(rows[at]) end
if call('EXISTS', aside) == 0 then call('SREM', Q .. 'clearings', aside) end
return 1
`,
)

/** ARGV[3]: a worker. For wipe(), which gives nothing back. */
export const FORGET_ONE: Script = script('forget-worker', [FORGET_WORKER], 'forget_worker(ARGV[3])')
