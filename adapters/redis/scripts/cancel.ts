import type { Script } from '../link.ts'
import { READ } from './pieces.ts'
import { lua, script } from './script.ts'

/**
 * ARGV[3]: the jid; ARGV[4]: the jid if JSON writes it as it is, otherwise ''. Answers 'running' when a worker has it,
 * ours or Ruby's. Otherwise it leaves a mark, for whoever claims or promotes the job while it is looked for.
 */
export const MARK: Script = script(
  'mark',
  [READ],
  lua`
local jid = ARGV[3]
local function is_it(text) return string.find(text, ARGV[4], 1, true) and read(text).jid == jid end
for _, id in ipairs(call('ZRANGE', Q .. 'leases', 0, -1)) do
  local claims = call('HGETALL', Q .. 'claims:' .. id)
  for at = 1, #claims, 2 do
    if is_it(claims[at + 1]) then
      call('SADD', Q .. 'cancelled:' .. id, claims[at])
      return 'running'
    end
  end
end

-- Ruby's iterable jobs look at such a hash. Without a cursor in it Ruby's reading fails: 'null' is one.
local processes = try('SMEMBERS', P .. 'processes')
for _, id in ipairs(processes.err and {} or processes) do
  local work = not call('ZSCORE', Q .. 'leases', id) and try('HVALS', P .. id .. ':work') or {}
  for at = 1, work.err and 0 or #work do
    local text = string.find(work[at], ARGV[4], 1, true) and text_field(read(work[at]).payload)
    if text and is_it(text) then
      for field, value in pairs({ ex = 0, c = 'null', rt = 0, cancelled = math.floor(now / 1000) }) do
        call('HSETNX', P .. 'it-' .. jid, field, value)
      end
      call('EXPIRE', P .. 'it-' .. jid, 2592000)
      return 'running'
    end
  end
end

call('HSET', Q .. 'marks', jid, now + 600000)
call('PEXPIRE', Q .. 'marks', 600000)
return 'looking'
`,
)

/** ARGV[3]: the jid. Takes the mark away, and answers 'hit' if somebody met it and dropped the job. */
export const UNMARK: Script = script(
  'unmark',
  [],
  lua`
local mark = call('HGET', Q .. 'marks', ARGV[3])
call('HDEL', Q .. 'marks', ARGV[3])
return mark
`,
)
