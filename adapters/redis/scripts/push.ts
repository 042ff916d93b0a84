import type { Script } from '../link.ts'
import { LOCKS } from './pieces.ts'
import { lua, script } from './script.ts'

/**
 * Stores jobs. ARGV from 3: client, number, then the entries: 'run', queue, how many, their texts, for such as are due
 * now and nothing more; or 'one', jid, queue, text, delay, chosen ('1' or ''), unique key and its ms. Answers the
 * refused ones: index and holder.
 */
export const PUSH: Script = script(
  'push',
  [LOCKS],
  lua`
-- A number has a place among a thousand, so that no client ever has more of them.
local pushes, number = Q .. 'pushes:' .. ARGV[3], tonumber(ARGV[4])
local slot = number % 1000
local last, at, answer = string.match(call('HGET', pushes, slot) or '', '^(%d+) (%d+) (.*)$')
if last and tonumber(last) == number and now - at <= 600000 then
  return answer == '' and {} or cmsgpack.unpack(answer)
end

-- Nothing can be undone: a key of another type is found before the first write.
local checked, at = {}, 5
while at <= #ARGV do
  local is_run = ARGV[at] == 'run'
  local key = is_run and 'queue:' .. ARGV[at + 1] or tonumber(ARGV[at + 4]) > 0 and 'schedule' or 'queue:' .. ARGV[at + 2]
  local kind = checked[key] or call('TYPE', P .. key).ok
  if kind ~= 'none' and kind ~= (key == 'schedule' and 'zset' or 'list') then
    return redis.error_reply('WRONGTYPE the key ' .. P .. key .. ' is a ' .. kind .. ': nothing was stored')
  end
  checked[key] = kind
  at = at + (is_run and 3 + ARGV[at + 2] or 8)
end

local refused, index, at = {}, 0, 5
local function store(jid, queue, text, delay, chosen, key, ms)
  local due, holder = now + math.max(0, delay), jid
  if chosen == '1' and tonumber(call('GET', Q .. 'chosen:' .. jid) or 0) > now then return end -- counts as stored
  if key ~= '' then
    holder = holder_of(key) or jid
    if holder ~= jid then
      refused[#refused + 1] = { index, holder }
      return
    end
    lock(key, jid, due + ms)
  end
  if chosen == '1' then call('SET', Q .. 'chosen:' .. jid, now + 600000, 'PX', 600000) end
  if tonumber(delay) > 0 then
    call('ZADD', P .. 'schedule', (due + index / 1000) / 1000, text) -- microseconds apart: in order
  else
    call('LPUSH', P .. 'queue:' .. queue, text)
  end
end
while at <= #ARGV do
  if ARGV[at] == 'run' then
    local first, count = at + 3, tonumber(ARGV[at + 2])
    for from = first, first + count - 1, 4000 do -- unpack() ends at some 8,000 values
      call('LPUSH', P .. 'queue:' .. ARGV[at + 1], unpack(ARGV, from, math.min(from + 3999, first + count - 1)))
    end
    index, at = index + count, first + count
  else
    store(unpack(ARGV, at + 1, at + 7))
    index, at = index + 1, at + 8
  end
end
for key in pairs(checked) do
  if key ~= 'schedule' then try('SADD', P .. 'queues', string.sub(key, 7)) end
end
if not last or tonumber(last) <= number then
  local answer = #refused == 0 and '' or cmsgpack.pack(refused)
  call('HSET', pushes, slot, num(number) .. ' ' .. num(now) .. ' ' .. answer)
  call('PEXPIRE', pushes, 600000)
end
return refused
`,
  true,
)
