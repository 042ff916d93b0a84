import type { Script } from '../link.ts'
import { DATES } from './pieces.ts'
import { lua, script } from './script.ts'

/** Sidekiq's names of a minute's keys. 8.x also sums up ten minutes in one hash, for three days. */
const KEYS_OF_MINUTE = lua`
local dates = {}
local function keys_of(number, version)
  local today = math.floor(number / 1440)
  dates[today] = dates[today] or { string.match(date_of(today), '(%d+)-(%d+)-(%d+)') }
  local year, month, day = unpack(dates[today])
  local hour, minute = math.floor(number / 60) % 24, number % 60
  if version == '7' then
    return { hash = P .. 'j|' .. year .. month .. day .. '|' .. hour .. ':' .. minute,
      before = P, after = string.format('-%s-%02d:%d', day, hour, minute) }
  end
  local hash = P .. string.format('j|%s%s%s|%d:%02d', string.sub(year, 3), month, day, hour, minute)
  return { hash = hash, ten = string.sub(hash, 1, -2),
    before = P .. 'h|', after = string.format('-%d-%d:%d', day, hour, minute) }
end
`

/** ARGV[3]: '7', '8' or '7 8'; then of each job its name, processed, failed, total ms, and its durations, as '0 12 3'. */
export const MEASURE: Script = script(
  'measure',
  [DATES, KEYS_OF_MINUTE],
  lua`
local function add(hash, expires, job, counts)
  for field, count in pairs(counts) do
    if tonumber(count) ~= 0 then try('HINCRBY', hash, job .. '|' .. field, count) end
  end
  call('EXPIRE', hash, expires)
end
for version in string.gmatch(ARGV[3], '%d') do
  local keys = keys_of(math.floor(now / 60000), version)
  for at = 4, #ARGV, 5 do
    local job, p, f, ms, durations = unpack(ARGV, at, at + 4)
    local counts = { p = p, f = f, ms = ms }
    add(keys.hash, 28800, job, counts)
    if keys.ten then add(keys.ten, 259200, job, counts) end
    local operations, bucket = {}, 0
    for count in string.gmatch(durations, '%d+') do
      if count ~= '0' then
        for _, word in ipairs({ 'INCRBY', 'u16', '#' .. bucket, count }) do operations[#operations + 1] = word end
      end
      bucket = bucket + 1
    end
    if #operations > 0 then
      local histogram = keys.before .. job .. keys.after
      try('BITFIELD', histogram, 'OVERFLOW', 'SAT', unpack(operations))
      call('EXPIRE', histogram, 28800)
    end
  end
end
`,
)

/**
 * ARGV from 3: '7' or '8', how many minutes, the job or ''. Answers of each minute in which there was something, oldest
 * first: when it began, field and value of its hash as JSON, and with a job the bytes of its durations, or ''. A dashboard
 * asks for eight hours of many jobs: so no more of a minute is read than is asked for, all durations by one command, and
 * fields are one text, since a reply of a hundred thousand texts takes longer than all the rest.
 */
export const METRICS: Script = script(
  'metrics',
  [DATES, KEYS_OF_MINUTE],
  lua`
local answer, histograms, job, latest = {}, {}, ARGV[5], math.floor(now / 60000)
local function fields_of(hash)
  if job == '' then return try('HGETALL', hash) end
  local fields, values = {}, try('HMGET', hash, job .. '|p', job .. '|f', job .. '|ms')
  for at, field in ipairs({ '|p', '|f', '|ms' }) do
    if values[at] then fields[#fields + 1], fields[#fields + 2] = job .. field, values[at] end
  end
  return fields
end
for number = latest - ARGV[4] + 1, latest do
  local keys = keys_of(number, ARGV[3])
  local fields = fields_of(keys.hash)
  if #fields > 0 then
    answer[#answer + 1] = { num(number * 60000), cjson.encode(fields), '' }
    histograms[#answer] = keys.before .. job .. keys.after
  end
end
if job ~= '' and #answer > 0 then
  -- What is no string, and so not Sidekiq's, counts as missing.
  for at, bytes in ipairs(call('MGET', unpack(histograms))) do answer[at][3] = bytes or '' end
end
return answer
`,
)
