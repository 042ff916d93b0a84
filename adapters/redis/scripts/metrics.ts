import type { Script } from '../link.ts'
import { DATES } from './pieces.ts'
import { lua, script } from './script.ts'

/** Sidekiq's names of a minute's keys. 8.x also sums up ten minutes in one hash, for three days. */
const KEYS_OF_MINUTE = lua`
local function keys_of(number, version)
  local year, month, day = string.match(date_of(math.floor(number / 1440)), '(%d+)-(%d+)-(%d+)')
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
 * ARGV from 3: '7' or '8', how many minutes, the job or '', how many buckets. Answers of each minute in which there was
 * something, oldest first: when it began, field and value of its hash, and the job's durations.
 */
export const METRICS: Script = script(
  'metrics',
  [DATES, KEYS_OF_MINUTE],
  lua`
local answer, job, latest = {}, ARGV[5], math.floor(now / 60000)
local buckets = {}
for bucket = 0, ARGV[6] - 1 do
  for _, word in ipairs({ 'GET', 'u16', '#' .. bucket }) do buckets[#buckets + 1] = word end
end
for number = latest - ARGV[4] + 1, latest do
  local keys = keys_of(number, ARGV[3])
  local fields = try('HGETALL', keys.hash)
  if #fields > 0 then
    local durations = job ~= '' and try('BITFIELD_RO', keys.before .. job .. keys.after, unpack(buckets)) or {}
    answer[#answer + 1] = { num(number * 60000), fields, durations.err and {} or durations }
  end
end
return answer
`,
)
