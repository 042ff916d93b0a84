import type { Script } from '../link.ts'
import { CLAIM } from './claim.ts'
import { DATES, FORGET, LOCKS, MARKS, NUMBERS, PLACES, READ, RECOVERIES } from './pieces.ts'
import { lua, script } from './script.ts'
import { SETTLE, TALLY } from './settle.ts'
import { GIVE_BACK, PRESENT, RUNS } from './worker-pieces.ts'

/**
 * ARGV from 3: worker, lease ms, lane, request, limit, ahead, dead max, dead ms, how many queues, begun and done follow;
 * the queues; the begun tokens; the tokens that are done: nowhere, counted 'ok', without a lock; of each other settlement
 * its token, to ('nowhere', 'retry', 'schedule', 'dead', 'dead as it was' or 'queue'), tally, delay, text, lock key and
 * lock owner.
 */
const ARGUMENTS = lua`
local id, lease, lane, request = ARGV[3], tonumber(ARGV[4]), 'lane:' .. ARGV[5], tonumber(ARGV[6])
local limit = tonumber(ARGV[7])
local first_queue = 14
local first_begun = first_queue + ARGV[11]
local first_done = first_begun + ARGV[12]
local first_other = first_done + ARGV[13]
local claims, worker = Q .. 'claims:' .. id, Q .. 'worker:' .. id
local cancelled, ahead, counted = Q .. 'cancelled:' .. id, Q .. 'ahead:' .. id, Q .. 'counted:' .. id
local function in_slices(from, to, act) -- unpack() ends at some 8,000 values
  for at = from, to, 4000 do act(at, math.min(at + 3999, to)) end
end
`

/**
 * The usual case pays for nothing else: one look says that nothing is cancelled, read ahead, counted, marked or
 * paused.
 */
const CIRCUMSTANCES = lua`
local has = {}
local unusual = { cancelled, ahead, counted, Q .. 'recoveries', Q .. 'marks', P .. 'paused' }
if call('EXISTS', unpack(unusual)) > 0 then
  for _, key in ipairs(unusual) do has[key] = call('EXISTS', key) == 1 end
end
`

/**
 * A lane's last answer is three numbers and the refused tokens. The jobs themselves lie in the claims: a worker cannot
 * settle what it never heard of, and whoever takes its claims away forgets its lanes, too.
 */
const REPEAT = lua`
local function count_of(text) -- how often it was recovered: few texts have to be read for that
  if not string.find(text, '\\', 1, true) and call('HEXISTS', Q .. 'recoveries', redis.sha1hex(text)) == 0 then
    local is_mentioned = false
    for jid in string.gmatch(text, '"jid"%s*:%s*"([^"]*)"') do
      is_mentioned = is_mentioned or call('HEXISTS', Q .. 'recoveries', jid) == 1
    end
    if not is_mentioned then return 0 end
  end
  return #recoveries(name_of(text))
end

local answer, last, known_lease, runs = unpack(call('HMGET', worker, lane, 'last', 'lease', 'runs'))
local known_runs
local function queue_of(token)
  known_runs = known_runs or runs_of(runs)
  return run_of(known_runs, token).queue
end
if answer then
  local was, first, count, late = string.match(answer, '^(%d+) (%d+) (%d+) ?(.*)$')
  if request < tonumber(was) then return { 'old', was } end
  if request == tonumber(was) then
    local reply, counts = { 'again', first, late, '' }, {}
    for token = tonumber(first), first + count - 1 do
      local text = call('HGET', claims, num(token))
      reply[#reply + 1] = text and queue_of(token) or ''
      reply[#reply + 1] = { text }
      counts[#counts + 1] = text and has[Q .. 'recoveries'] and count_of(text) or 0
    end
    reply[4] = table.concat(counts, ' ')
    return reply
  end
end
last = present(id, lease, known_lease) or tonumber(last or 0)
`

/**
 * Settles and claims. Answers 'new' or 'again', the first token (the others follow it), the refused tokens, how often
 * each job was recovered ('' for never), and then a queue and its texts, as often as it takes; or 'old' and the lane's
 * last request.
 */
export const EXCHANGE: Script = script(
  'exchange',
  [NUMBERS, READ, LOCKS, FORGET, RECOVERIES, MARKS, PLACES, RUNS, GIVE_BACK, PRESENT, DATES],
  [ARGUMENTS, CIRCUMSTANCES, REPEAT, SETTLE, TALLY, CLAIM].join(''),
)

/** Whether something can be claimed from these queues. Its KEYS are theirs and `paused`, for Redis to tell of. */
export const LOOK: Script = script(
  'look',
  [],
  lua`
-- ARGV from 3: the queues
if call('EXISTS', unpack(KEYS)) == 0 then return 0 end
for at = 3, #ARGV do
  local size = try('LLEN', P .. 'queue:' .. ARGV[at])
  if type(size) == 'number' and size > 0 and try('SISMEMBER', P .. 'paused', ARGV[at]) ~= 1 then return 1 end
end
return 0
`,
)
