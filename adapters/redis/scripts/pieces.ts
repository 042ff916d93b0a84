import { lua } from './script.ts'

// Lua functions that several scripts share. A script is made of as few of them as it can: Redis makes each function
// anew whenever a script runs, which costs a tenth of a microsecond.

/**
 * Numbers above all that were ever given, also after a failover to a replica that lags behind: a plain counter would
 * give the same ones again. This one is never behind the clock, in microseconds; 2^53 of them are reached in 2255.
 */
export const NUMBERS: string = lua`
local function new_number()
  local number = math.max(tonumber(call('GET', Q .. 'seq') or 0) + 1, us)
  call('SET', Q .. 'seq', number)
  return number
end
`

/** Reading jobs. cjson reads and never writes them: it would turn [] into {} and round big integers. */
export const READ: string = lua`
local function text_field(value) return type(value) == 'string' and value or nil end
local function read(text)
  local ok, job = pcall(cjson.decode, text)
  return ok and type(job) == 'table' and job or {}
end
local function name_of(text, job) -- its jid; bytes that are no job go by their digest
  return text_field((job or read(text)).jid) or redis.sha1hex(text)
end
`

/** Locks hold the instant at which they end. That their keys expire only cleans up. */
export const LOCKS: string = lua`
local function lock_key(key) return Q .. 'lock:' .. (#key > 200 and redis.sha1hex(key) or key) end
local function holder_of(key)
  local ends, owner = string.match(call('GET', lock_key(key)) or '', '^(%d+) (.*)$')
  return ends and tonumber(ends) > now and owner or nil
end
local function lock(key, owner, ends)
  call('SET', lock_key(key), num(ends) .. ' ' .. owner, 'PX', num(math.max(0, ends - now) + 60000))
end
local function unlock(key, owner)
  return holder_of(key) == owner and call('DEL', lock_key(key)) or 0
end
`

/** After READ and LOCKS. Lets go of what is kept beside a job that will not run again. Few jobs need to be read. */
export const FORGET: string = lua`
local function forget(text)
  local counted = call('EXISTS', Q .. 'recoveries') == 1
  if not counted and not string.find(text, '"unique_key"', 1, true) then return end
  local job = read(text)
  if counted then call('HDEL', Q .. 'recoveries', name_of(text, job)) end
  local key = text_field(job.unique_key)
  if key then unlock(key, name_of(text, job)) end
end
`

/** The instants of a job's recoveries within 72 hours, oldest first. */
export const RECOVERIES: string = lua`
local function recoveries(jid)
  local times = {}
  for at in string.gmatch(call('HGET', Q .. 'recoveries', jid) or '', '%d+') do
    if tonumber(at) > now - 259200000 then times[#times + 1] = at end
  end
  return times
end
`

/** After FORGET. Whether somebody who cancels looks for this job: then it is found, and to be dropped. */
export const MARKS: string = lua`
local function is_marked(text)
  local jid = name_of(text)
  local ends = tonumber(call('HGET', Q .. 'marks', jid))
  if not ends or ends <= now then return false end
  call('HSET', Q .. 'marks', jid, 'hit')
  forget(text)
  return true
end
`

/**
 * Ways into places. Whoever puts a job into a queue also makes the queue known: it may have been cleared meanwhile. A
 * script cannot undo what it has done: a key that somebody made another type of must not stop it half way, or a job
 * would be gone. Such a job waits among the strays until a person has mended the key.
 */
export const PLACES: string = lua`
local function is_error(reply) return type(reply) == 'table' and reply.err ~= nil end
local function enqueue(side, queue, texts)
  try('SADD', P .. 'queues', queue)
  for at = 1, #texts, 4000 do -- unpack() ends at some 8,000 values
    local last = math.min(at + 3999, #texts)
    if is_error(try(side, P .. 'queue:' .. queue, unpack(texts, at, last))) then
      call('LPUSH', Q .. 'strays', unpack(texts, at, last))
    end
  end
end
local function enqueue_all(side, jobs) -- those of a queue in their order
  local by_queue, queues = {}, {}
  for _, job in ipairs(jobs) do
    if not by_queue[job.queue] then
      by_queue[job.queue] = {}
      queues[#queues + 1] = job.queue
    end
    table.insert(by_queue[job.queue], job.text)
  end
  for _, queue in ipairs(queues) do enqueue(side, queue, by_queue[queue]) end
  return by_queue
end
local function put(set, ms, text)
  if is_error(try('ZADD', P .. set, ms / 1000, text)) then call('LPUSH', Q .. 'strays', text) end
end
local function trim(max, ms) -- rows that fall out hold no locks: they let go of them when they came in
  try('ZREMRANGEBYRANK', P .. 'dead', 0, -max)
  try('ZREMRANGEBYSCORE', P .. 'dead', '-inf', string.format('(%.6f', (now - ms) / 1000))
end
`

/** Scripts have no os.date: the date of a day by its number since 1970, after Howard Hinnant's civil_from_days. */
export const DATES: string = lua`
local function date_of(number)
  local z = number + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d-%02d', year, month, doy - math.floor((153 * mp + 2) / 5) + 1)
end
`
