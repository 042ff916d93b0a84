import type { Script } from '../link.ts'
import { lua, script } from './script.ts'

/**
 * Answers the time of Redis (ms), names of Ruby's processes that are listed and gone, and the workers whose leases are
 * over, each with how many jobs it holds.
 */
export const EXAMINE: Script = script(
  'examine',
  [],
  lua`
local stale, gone = {}, {}
for _, id in ipairs(call('SMEMBERS', P .. 'processes')) do
  local ours = call('ZSCORE', Q .. 'leases', id)
  if not ours and call('EXISTS', P .. id) == 0 then stale[#stale + 1] = id end
end
for _, id in ipairs(call('ZRANGEBYSCORE', Q .. 'leases', '-inf', now)) do
  gone[#gone + 1] = { id, call('HLEN', Q .. 'claims:' .. id) }
end
return { num(now), stale, gone }
`,
)
