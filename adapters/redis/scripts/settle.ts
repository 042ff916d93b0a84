import { lua } from './script.ts'

/** The part of an exchange that carries out settlements. Leaves the refused tokens, and what is to be counted. */
export const SETTLE: string = lua`
if first_done > first_begun then
  in_slices(first_begun, first_done - 1, function(from, to) call('SREM', ahead, unpack(ARGV, from, to)) end)
end

local refused, processed, failed = {}, 0, 0

local size, count = call('HLEN', claims), first_other - first_done
if count > 0 then
  -- HDEL tells how many were missing, and not which: so those that are held are looked for first.
  local held, done, n = {}, {}, 0
  if size > 4 * count then
    for at = first_done, first_other - 1 do held[ARGV[at]] = call('HEXISTS', claims, ARGV[at]) == 1 end
  else
    for _, token in ipairs(call('HKEYS', claims)) do held[token] = true end
  end
  for at = first_done, first_other - 1 do
    local token = ARGV[at]
    if held[token] then
      n = n + 1
      done[n] = token
      held[token] = nil
    else
      refused[#refused + 1] = token
    end
  end
  processed, size = n, size - n
  for i = 1, has[counted] and n or 0 do
    if call('SREM', counted, done[i]) == 1 then
      call('HDEL', Q .. 'recoveries', name_of(call('HGET', claims, done[i])))
    end
  end
  in_slices(1, n, function(from, to)
    call('HDEL', claims, unpack(done, from, to))
    if has[ahead] then call('SREM', ahead, unpack(done, from, to)) end
    if has[cancelled] then call('SREM', cancelled, unpack(done, from, to)) end
  end)
end

local back, dying = {}, 0
for at = first_other, #ARGV, 7 do
  local token, to, tally, delay, text, key, owner = unpack(ARGV, at, at + 6)
  local was = call('HGET', claims, token)
  if not was then
    refused[#refused + 1] = token
  else
    size = size - call('HDEL', claims, token)
    if tally ~= 'none' then processed = processed + 1 end
    if tally == 'failed' then failed = failed + 1 end
    if key ~= '' then unlock(key, owner) end
    if has[ahead] then call('SREM', ahead, token) end
    local was_counted = has[counted] and call('SREM', counted, token) == 1
    local was_cancelled = has[cancelled] and call('SREM', cancelled, token) == 1
    if to == 'nowhere' then
      if was_counted then call('HDEL', Q .. 'recoveries', name_of(was)) end
    elseif to == 'dead' or to == 'dead as it was' then
      put('dead', (us + dying) / 1000, to == 'dead' and text or was) -- microseconds apart: in order
      dying = dying + 1
      forget(was)
    elseif was_cancelled then -- it would wait again
      forget(was)
    elseif to == 'queue' then
      back[#back + 1] = { token = token, queue = queue_of(token), text = was }
    else
      put(to, now + math.max(0, delay), text)
    end
  end
end
give_back(back)
if dying > 0 then trim(ARGV[9], ARGV[10]) end
`

/** Sidekiq's keys: stat:processed, and stat:processed:2026-11-22 for five years. */
export const TALLY: string = lua`
local function tally(name, count)
  if count == 0 then return end
  local key = P .. 'stat:' .. name
  local key_of_day = key .. ':' .. date_of(math.floor(now / 86400000))
  call('INCRBY', key, count)
  if call('INCRBY', key_of_day, count) == count then call('EXPIRE', key_of_day, 157680000) end
end
tally('processed', processed)
tally('failed', failed)
`
