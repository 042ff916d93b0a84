import type { Script } from '../link.ts'
import { LOCKS, NUMBERS } from './pieces.ts'
import { lua, script } from './script.ts'

/** ARGV from 3: key, owner, ms. Answers who has it now. */
export const LOCK: Script = script(
  'lock',
  [LOCKS],
  lua`
local holder = holder_of(ARGV[3])
if holder and holder ~= ARGV[4] then return holder end
lock(ARGV[3], ARGV[4], now + ARGV[5])
return ARGV[4]
`,
)

/** ARGV from 3: key, owner. */
export const UNLOCK: Script = script('unlock', [LOCKS], 'return unlock(ARGV[3], ARGV[4])')

/** ARGV[3]: name. */
export const READ_DOCUMENT: Script = script(
  'read-document',
  [],
  lua`
local text, version, ends = unpack(call('HMGET', Q .. 'doc:' .. ARGV[3], 'text', 'version', 'ends'))
return version and not (ends and tonumber(ends) <= now) and { text, version } or false
`,
)

/** ARGV from 3: name, version expected, '1' to write or '' to delete, text, ms ('' for ever). */
export const WRITE_DOCUMENT: Script = script(
  'write-document',
  [NUMBERS],
  lua`
local key = Q .. 'doc:' .. ARGV[3]
local version, ends = unpack(call('HMGET', key, 'version', 'ends'))
if not version or ends and tonumber(ends) <= now then version = '0' end
if version ~= ARGV[4] then return 0 end
call('DEL', key)
if ARGV[5] == '' then return 1 end
call('HSET', key, 'text', ARGV[6], 'version', new_number())
if ARGV[7] ~= '' then
  call('HSET', key, 'ends', num(now + ARGV[7]))
  call('PEXPIRE', key, num(math.max(1, ARGV[7])))
end
return 1
`,
)
