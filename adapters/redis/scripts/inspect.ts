import type { Script } from '../link.ts'
import { DATES } from './pieces.ts'
import { lua, script } from './script.ts'

// What is looked at depends on what was read before, and a job that moves on meanwhile must not be counted twice or
// never: so each of these is one script. A key of another type counts as empty.

const SAFELY = lua`
local function size(command, key)
  local found = try(command, key)
  return type(found) == 'number' and found or 0
end
local function list(...)
  local found = try(...)
  return type(found) == 'table' and not found.err and found or {}
end
`

/** Answers the names of the queues that hold jobs or did. */
export const NAMES: Script = script('names', [SAFELY], "return list('SMEMBERS', P .. 'queues')")

/** Answers the time, and of each queue its name, size, '1' if it is paused, and the text that is next, or ''. */
export const QUEUES: Script = script(
  'queues',
  [SAFELY],
  lua`
local answer, paused, names = { num(now) }, {}, {}
for _, name in ipairs(list('SMEMBERS', P .. 'queues')) do names[name] = true end
for _, name in ipairs(list('SMEMBERS', P .. 'paused')) do names[name], paused[name] = true, true end
for name in pairs(names) do
  local key = P .. 'queue:' .. name
  local count = size('LLEN', key)
  answer[#answer + 1] = { name, count, paused[name] and '1' or '', count > 0 and call('LINDEX', key, -1) or '' }
end
return answer
`,
)

/**
 * Answers of each process its id, its hash, its work, and for one of ours what it told about itself and of the progress
 * of its jobs. One without a lease is Ruby's, and lives as long as its hash is there.
 */
export const WORKERS: Script = script(
  'workers',
  [SAFELY],
  lua`
local answer = {}
for _, id in ipairs(list('SMEMBERS', P .. 'processes')) do
  local ends = tonumber(call('ZSCORE', Q .. 'leases', id))
  local hash = list('HGETALL', P .. id)
  if ends and ends > now or not ends and #hash > 0 then
    local work = list('HGETALL', P .. id .. ':work')
    if not ends and #work == 0 then work = list('HGETALL', P .. id .. ':workers') end -- Sidekiq before 6.4.2
    answer[#answer + 1] = { id, hash, work, ends and call('HMGET', Q .. 'worker:' .. id, 'about', 'progress') or {} }
  end
end
return answer
`,
)

/**
 * ARGV[3]: how many days. Answers a list of enqueued, scheduled, retry, dead, workers and running; one of processed and
 * failed in all; and one of each day, newest first: its date, processed and failed.
 */
export const STATS: Script = script(
  'stats',
  [SAFELY, DATES],
  lua`
local enqueued, workers, running = 0, 0, 0
for _, name in ipairs(list('SMEMBERS', P .. 'queues')) do enqueued = enqueued + size('LLEN', P .. 'queue:' .. name) end
for _, id in ipairs(call('ZRANGE', Q .. 'leases', 0, -1)) do running = running + call('HLEN', Q .. 'claims:' .. id) end
for _, id in ipairs(list('SMEMBERS', P .. 'processes')) do
  local ends = tonumber(call('ZSCORE', Q .. 'leases', id))
  if ends and ends > now then
    workers = workers + 1
  elseif not ends then -- Ruby's
    local info, busy = unpack(list('HMGET', P .. id, 'info', 'busy'))
    if info then workers, running = workers + 1, running + (tonumber(busy) or 0) end
  end
end
local sizes = { enqueued, size('ZCARD', P .. 'schedule'), size('ZCARD', P .. 'retry'), size('ZCARD', P .. 'dead'),
  workers, running }
local answer = { sizes, call('MGET', P .. 'stat:processed', P .. 'stat:failed') }
local today = math.floor(now / 86400000)
for ago = 0, ARGV[3] - 1 do
  local date = date_of(today - ago)
  answer[3 + ago] = { date, unpack(call('MGET', P .. 'stat:processed:' .. date, P .. 'stat:failed:' .. date)) }
end
return answer
`,
)
