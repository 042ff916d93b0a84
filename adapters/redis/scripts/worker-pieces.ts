import { lua } from './script.ts'

// Lua functions about what is kept of a worker.

/**
 * The claims of a worker are a hash: token -> text, as it was in its queue. What they were claimed from and by stands in
 * one string for all that one request claimed from one queue, since their tokens follow each other: a run. It is there
 * for as long as one of its claims may be.
 */
export const RUNS: string = lua`
local function run_text(first, count, queue, request, lane)
  return string.format('%.0f %d %d %s %d ', first, count, #queue, request, #lane) .. queue .. lane
end
local function runs_of(text) -- in the order of their tokens
  local runs, from = {}, 1
  while from <= #text do
    local first, count, queue, request, lane, at = string.match(text, '^(%d+) (%d+) (%d+) (%d+) (%d+) ()', from)
    local ends = at + queue + lane
    runs[#runs + 1] = { first = tonumber(first), last = first + count - 1, request = tonumber(request),
      queue = string.sub(text, at, at + queue - 1), lane = string.sub(text, at + queue, ends - 1),
      text = string.sub(text, from, ends - 1) }
    from = ends
  end
  return runs
end
local function run_of(runs, token)
  local low, high = 1, #runs
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if runs[middle].first <= tonumber(token) then low = middle else high = middle - 1 end
  end
  return runs[low]
end
`

/** After RUNS. */
export const CLAIMS: string = lua`
local function claims_of(id) -- in the order in which they were claimed
  local runs = runs_of(call('HGET', Q .. 'worker:' .. id, 'runs') or '')
  local fields, claims = call('HGETALL', Q .. 'claims:' .. id), {}
  for at = 1, #fields, 2 do
    claims[#claims + 1] = { token = fields[at], queue = run_of(runs, fields[at]).queue, text = fields[at + 1] }
  end
  table.sort(claims, function(a, b) return tonumber(a.token) < tonumber(b.token) end)
  return claims
end
`

/** After PLACES. To the front of their queues: the last one first, so that the first is in front of all. */
export const GIVE_BACK: string = lua`
local function give_back(claims)
  table.sort(claims, function(a, b) return tonumber(a.token) > tonumber(b.token) end)
  for queue, texts in pairs(enqueue_all('RPUSH', claims)) do call('HINCRBY', Q .. 'fronted', queue, #texts) end
end
`

/**
 * After NUMBERS. `steady` is since when a worker has been present without a gap, `born` tells its tokens from those
 * that it had before it was forgotten, `last` is its last token. Answers that one for a worker that is new.
 */
export const PRESENT: string = lua`
local function present(id, lease, known_lease)
  local worker, last = Q .. 'worker:' .. id, nil
  local ends = tonumber(call('ZSCORE', Q .. 'leases', id))
  if not ends then
    last = new_number()
    call('HSET', worker, 'steady', now, 'born', last, 'last', last)
    call('INCR', Q .. 'arrivals') -- the others sleep until the next lease ends, and do not know of this one
  elseif ends <= now then
    call('HSET', worker, 'steady', now)
  end
  call('ZADD', Q .. 'leases', now + lease, id)
  if tonumber(known_lease) ~= lease then call('HSET', worker, 'lease', lease) end
  return last
end
`

/** A worker that comes back begins with higher tokens than those that it had, also if the clock was set back. */
export const FORGET_WORKER: string = lua`
local function forget_worker(id)
  local last, seq = tonumber(call('HGET', Q .. 'worker:' .. id, 'last') or 0), tonumber(call('GET', Q .. 'seq') or 0)
  if last > seq then call('SET', Q .. 'seq', last) end
  for _, kind in ipairs({ 'claims:', 'worker:', 'ahead:', 'cancelled:', 'counted:' }) do call('DEL', Q .. kind .. id) end
  call('DEL', P .. id, P .. id .. ':work', P .. id .. ':workers', P .. id .. '-signals')
  call('ZREM', Q .. 'leases', id)
  try('SREM', P .. 'processes', id)
end
`
