import { lua } from './script.ts'

/** The part of an exchange that moves jobs into the worker's keeping, and notes the answer of the lane. */
export const CLAIM: string = lua`
local function live_runs() -- none when nothing is held, and now and then those that are over go
  if not runs or size == 0 then return '' end
  if #runs < 1000 + 100 * size then return runs end
  local all, live, texts = runs_of(runs), {}, {}
  for _, token in ipairs(call('HKEYS', claims)) do live[run_of(all, token)] = true end
  for _, run in ipairs(all) do if live[run] then texts[#texts + 1] = run.text end end
  return table.concat(texts)
end
local reply = { 'new', '', table.concat(refused, ' '), '' }
local taken, fields, new_runs = 0, {}, ''
local first = math.max(last + 1, us)
for at = first_queue, first_begun - 1 do
  local queue = ARGV[at]
  if not has[P .. 'paused'] or try('SISMEMBER', P .. 'paused', queue) ~= 1 then
    while taken < limit do -- a job that was cancelled while it waited does not count: the limit is filled all the same
      local wanted = limit - taken
      local texts = try('RPOP', P .. 'queue:' .. queue, wanted)
      if not texts or texts.err then break end
      local is_empty = #texts < wanted
      if has[Q .. 'marks'] then
        local unmarked = {}
        for _, text in ipairs(texts) do if not is_marked(text) then unmarked[#unmarked + 1] = text end end
        texts = unmarked
      end
      if #texts > 0 then new_runs = new_runs .. run_text(first + taken, #texts, queue, ARGV[6], ARGV[5]) end
      for i = 1, #texts do
        fields[2 * taken + 1], fields[2 * taken + 2] = first + taken, texts[i]
        taken = taken + 1
      end
      reply[#reply + 1], reply[#reply + 2] = queue, texts
      if is_empty then break end
    end
  end
end

local late = reply[3] == '' and '' or ' ' .. reply[3]
local line = string.format('%.0f %.0f %d', request, first, taken) .. late
if taken == 0 then
  call('HSET', worker, lane, line)
else
  call('HSET', worker, lane, line, 'last', first + taken - 1, 'runs', live_runs() .. new_runs)
  in_slices(1, #fields, function(from, to) call('HSET', claims, unpack(fields, from, to)) end)
  reply[2] = num(first)
end
local unbegun = {} -- the first limit - ahead have begun
for i = limit - ARGV[8], taken - 1 do unbegun[#unbegun + 1] = first + i end
in_slices(1, #unbegun, function(from, to) call('SADD', ahead, unpack(unbegun, from, to)) end)
if has[Q .. 'recoveries'] and taken > 0 then
  local counts = {}
  for i = 1, taken do
    counts[i] = count_of(fields[2 * i])
    if counts[i] > 0 then call('SADD', counted, fields[2 * i - 1]) end
  end
  reply[4] = table.concat(counts, ' ')
end
return reply
`
