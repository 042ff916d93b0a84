import type { Script } from '../link.ts'
import { lua, script } from './script.ts'

/**
 * ARGV from 3: of each worker its id and lease ms. A lease that is over stays so: the worker was away, and others may
 * judge it.
 */
export const RENEW: Script = script(
  'renew',
  [],
  lua`
for at = 3, #ARGV, 2 do
  local id, lease = ARGV[at], tonumber(ARGV[at + 1])
  local ends = tonumber(call('ZSCORE', Q .. 'leases', id) or nil)
  if ends and ends > now and ends < now + lease then call('ZADD', Q .. 'leases', 'XX', now + lease, id) end
end
`,
)
