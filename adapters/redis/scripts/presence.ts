import type { Script } from '../link.ts'
import { FORGET, LOCKS, NUMBERS, PLACES, READ, RECOVERIES } from './pieces.ts'
import { lua, script } from './script.ts'
import { CLAIMS, FORGET_WORKER, GIVE_BACK, PRESENT, RUNS } from './worker-pieces.ts'

/**
 * KEYS: <id>-signals and quayside:cancelled:<id>, for Redis to tell of. ARGV from 3: worker, lease ms, and of the
 * process hash info, busy, quiet, rss, concurrency and rtt_us; then about and progress; '1' to write <id>:workers too;
 * how many signals heard, lanes and held tokens follow; those signals; of each lane its name and the last request
 * answered; the tokens held; of each running job its token and the end of its work entry. Answers the signals, the
 * cancelled tokens, and those that are lost.
 */
export const BEAT: Script = script(
  'beat',
  [NUMBERS, READ, LOCKS, FORGET, PLACES, RUNS, GIVE_BACK, PRESENT],
  lua`
local id, lease, signals, cancelled = ARGV[3], tonumber(ARGV[4]), KEYS[1], KEYS[2]
local first_heard = 17
local first_lane = first_heard + ARGV[14]
local first_held = first_lane + 2 * ARGV[15]
local first_running = first_held + ARGV[16]
local claims, worker = Q .. 'claims:' .. id, Q .. 'worker:' .. id
present(id, lease, call('HGET', worker, 'lease'))

local held, known, lost = {}, 0, {}
local runs = runs_of(call('HGET', worker, 'runs') or '')
local born = tonumber(call('HGET', worker, 'born') or 0)
for at = first_held, first_running - 1 do
  held[ARGV[at]] = true
  known = known + call('HEXISTS', claims, ARGV[at])
  if tonumber(ARGV[at]) < born then lost[#lost + 1] = ARGV[at] end
end

-- Give back what the worker never heard of: not held, and not of a request whose answer may still be under way.
if call('HLEN', claims) > known then
  local answered, back = {}, {}
  for at = first_lane, first_held - 1, 2 do answered[ARGV[at]] = tonumber(ARGV[at + 1]) end
  for _, token in ipairs(call('HKEYS', claims)) do
    local run = run_of(runs, token)
    if not held[token] and run.request <= (answered[run.lane] or -1) then
      local text = call('HGET', claims, token)
      call('HDEL', claims, token)
      call('SREM', Q .. 'ahead:' .. id, token)
      call('SREM', Q .. 'counted:' .. id, token)
      if call('SREM', cancelled, token) == 1 then forget(text)
      else back[#back + 1] = { token = token, queue = run.queue, text = text } end
    end
  end
  give_back(back)
end

-- What is shown, on Ruby's pages too. The hash is there for as long as the worker may be silent.
local keep = math.ceil(math.max(60000, lease))
try('SADD', P .. 'processes', id)
call('HSET', P .. id, 'info', ARGV[5], 'busy', ARGV[6], 'beat', string.format('%.6f', now / 1000), 'quiet', ARGV[7],
  'rss', ARGV[8], 'concurrency', ARGV[9], 'rtt_us', ARGV[10])
call('PEXPIRE', P .. id, keep)
call('HSET', worker, 'about', ARGV[11], 'progress', ARGV[12])

-- A text is written once for each run: it is here already, in the claims. Of a plain string cjson writes every byte.
local function show(work)
  local shown = {}
  for at = first_running, #ARGV, 2 do
    local token = ARGV[at]
    shown[token] = call('HEXISTS', claims, token) == 1
    if shown[token] and call('HEXISTS', work, token) == 0 then
      local queue, text = run_of(runs, token).queue, call('HGET', claims, token)
      call('HSET', work, token,
        '{"queue":' .. cjson.encode(queue) .. ',"payload":' .. cjson.encode(text) .. ARGV[at + 1])
    end
  end
  for _, token in ipairs(call('HKEYS', work)) do
    if not shown[token] then call('HDEL', work, token) end
  end
  call('PEXPIRE', work, keep)
end
show(P .. id .. ':work')
if ARGV[13] == '1' then show(P .. id .. ':workers') end

for at = first_heard, first_lane - 1 do call('LREM', signals, 0, ARGV[at]) end
return { call('LRANGE', signals, 0, -1), call('SMEMBERS', cancelled), lost }
`,
)

/** ARGV[3]: the worker, ARGV[4]: Sidekiq's name of the signal. Without a lease it is a process of Ruby's. */
export const SIGNAL: Script = script(
  'signal',
  [],
  lua`
local ends = tonumber(call('ZSCORE', Q .. 'leases', ARGV[3]))
local lives = ends and ends > now or not ends and call('EXISTS', P .. ARGV[3]) == 1
if not lives then return 0 end
local signals = P .. ARGV[3] .. '-signals'
call('LREM', signals, 0, ARGV[4])
call('LPUSH', signals, ARGV[4])
call('PEXPIRE', signals, math.ceil(math.max(60000, (ends or now) - now)))
return 1
`,
)

/**
 * Takes over one worker that is gone. KEYS[1]: quayside:arrivals, for Redis to tell of. ARGV[3]: the worker that asks.
 * Answers how many jobs were requeued, and in how many milliseconds there may be more, '' for never.
 */
export const RECOVER: Script = script(
  'recover',
  [READ, LOCKS, FORGET, RECOVERIES, PLACES, RUNS, CLAIMS, FORGET_WORKER],
  lua`
call('GET', KEYS[1])
local id, requeued = ARGV[3], {}
local ends = tonumber(call('ZSCORE', Q .. 'leases', id))
if not ends then return { 0, '' } end
local steady, lease = unpack(call('HMGET', Q .. 'worker:' .. id, 'steady', 'lease'))
if ends <= now then return { 0, lease } end
if now - steady < tonumber(lease) then return { 0, num(steady + lease - now) } end

local gone, came -- of several, the one that came first
for _, other in ipairs(call('ZRANGEBYSCORE', Q .. 'leases', '-inf', now, 'LIMIT', 0, 100)) do
  local born = tonumber(call('HGET', Q .. 'worker:' .. other, 'born') or 0)
  if not gone or born < came then gone, came = other, born end
end
if gone then
  for _, claim in ipairs(claims_of(gone)) do
    if call('SISMEMBER', Q .. 'cancelled:' .. gone, claim.token) == 1 then
      forget(claim.text)
    else
      if call('SISMEMBER', Q .. 'ahead:' .. gone, claim.token) == 0 then -- it had begun
        local jid = name_of(claim.text)
        local times = recoveries(jid)
        times[#times + 1] = num(now)
        call('HSET', Q .. 'recoveries', jid, table.concat(times, ' ', math.max(1, #times - 2)))
      end
      requeued[#requeued + 1] = claim
    end
  end
  enqueue_all('LPUSH', requeued)
  call('PEXPIRE', Q .. 'recoveries', 259200000) -- three days after the last one the whole hash goes
  forget_worker(gone)
end

local soonest = call('ZRANGE', Q .. 'leases', 0, 1, 'WITHSCORES')
local next_end = soonest[1] == id and soonest[4] or soonest[1] ~= id and soonest[2]
return { #requeued, next_end and num(math.max(0, next_end - now)) or '' }
`,
)

/** ARGV[3]: the worker. */
export const RETIRE: Script = script(
  'retire',
  [READ, LOCKS, FORGET, PLACES, RUNS, CLAIMS, GIVE_BACK, FORGET_WORKER],
  lua`
local id, back = ARGV[3], {}
for _, claim in ipairs(claims_of(id)) do
  if call('SISMEMBER', Q .. 'cancelled:' .. id, claim.token) == 1 then forget(claim.text)
  else back[#back + 1] = claim end
end
give_back(back)
forget_worker(id)
`,
)
