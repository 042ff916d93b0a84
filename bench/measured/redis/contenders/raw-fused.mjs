// The same in one round trip instead of two: what is done is settled by the script that claims the next.

import { CLAIM, keepClaiming, open } from './raw.mjs'

export { open }

const SETTLE = `
local done = {}
for token = ARGV[2] - ARGV[3] + 1, ARGV[2] do done[#done + 1] = token end
if #done > 0 then redis.call('HDEL', KEYS[2], unpack(done)) end`

/**
 * @param {import('../contenders.mjs').Place} place
 * @param {import('../contenders.mjs').Work} work
 */
export async function work(place, work) {
  keepClaiming(place, work, `${SETTLE}\n${CLAIM}`, (redis, limit, token, done) =>
    redis.claim('queue:default', 'claims', limit, token, done),
  )
}
