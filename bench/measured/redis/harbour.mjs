// A Redis that has seen better days: this many jobs in a queue and in the sets, a hundred workers at work, and metrics
// of eight hours. What is many is written by Redis itself, in Sidekiq's format; workers come through the contract.

import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { payload } from './lists.mjs'

const FILL_AT_ONCE = 5_000
const WORKERS = 100
const SLOTS = 10
const QUEUES = 50
const JOBS = 40
const MINUTES = 480

/** Scores are a second apart. */
const FILL = `
local rows, kind = {}, ARGV[1]
for index = ARGV[3], ARGV[3] + ARGV[4] - 1 do
  local text = string.gsub(string.gsub(ARGV[2], 'INDEX', string.format('%d', index)), 'JID', string.format('%024x', index))
  if kind == 'zset' then rows[#rows + 1] = string.format('%d', ARGV[5] + index) end
  rows[#rows + 1] = text
end
redis.call(kind == 'zset' and 'ZADD' or 'LPUSH', KEYS[1], unpack(rows))`

/** @param {string} url @param {number} jobs */
export async function fill(url, jobs) {
  const redis = new Redis(url)
  const now = Math.floor(Date.now() / 1000)
  const waiting = payload(0)
    .replace('[0]', '[INDEX]')
    .replace(/"jid":"\w+"/, '"jid":"JID"')
  const failed = JSON.stringify({
    ...JSON.parse(payload(0)),
    class: 'Load',
    args: ['INDEX', { to: 'someone@example.com', subject: 'Your order has left the harbour', items: [1, 2, 3] }],
    jid: 'JID',
    retry_count: 3,
    failed_at: now - 3600,
    retried_at: now - 60,
    error_class: 'TypeError',
    error_message: "Cannot read properties of undefined (reading 'pier')",
    error_backtrace: randomBytes(300).toString('base64'),
  })
  await fillKey(redis, 'list', 'queue:default', waiting, jobs, 0)
  await redis.sadd('queues', 'default')
  for (const set of ['retry', 'schedule']) await fillKey(redis, 'zset', set, failed, jobs, now + 86_400)
  await fillKey(redis, 'zset', 'dead', failed, 9_999, now - 86_400)
  for (let queue = 1; queue < QUEUES; queue++) {
    await redis.sadd('queues', `queue${queue}`)
    await fillKey(redis, 'list', `queue:queue${queue}`, waiting, 100, 0)
  }
  await fillMetrics(redis)
  redis.disconnect()
}

/**
 * @param {Redis} redis @param {'list' | 'zset'} kind @param {string} key @param {string} template
 * @param {number} count @param {number} score of the first
 */
async function fillKey(redis, kind, key, template, count, score) {
  for (let from = 0; from < count; from += FILL_AT_ONCE / 2) {
    await redis.eval(FILL, 1, key, kind, template, from, Math.min(FILL_AT_ONCE / 2, count - from), score)
  }
}

/** The keys of Sidekiq 7, which are those that are read by default. @param {Redis} redis */
async function fillMetrics(redis) {
  const pipeline = redis.pipeline()
  for (let ago = 0; ago < MINUTES; ago++) {
    const at = new Date(Date.now() - ago * 60_000)
    const day = String(at.getUTCDate()).padStart(2, '0')
    const [hour, minute] = [at.getUTCHours(), at.getUTCMinutes()]
    const date = at.toISOString().slice(0, 10).replaceAll('-', '')
    for (let job = 0; job < JOBS; job++) {
      pipeline.hset(`j|${date}|${hour}:${minute}`, { [`Job${job}|p`]: 60, [`Job${job}|f`]: 2, [`Job${job}|ms`]: 900 })
      const histogram = `Job${job}-${day}-${String(hour).padStart(2, '0')}:${minute}`
      for (const [bucket, runs] of [
        [2, 40],
        [5, 18],
      ])
        pipeline.bitfield(histogram, 'SET', 'u16', `#${bucket}`, runs ?? 0)
    }
  }
  await pipeline.exec()
}

/**
 * A hundred workers, each with all its slots taken.
 * @param {import('quayside').Storage} storage
 */
export async function work(storage) {
  const leaseMs = 600_000
  for (let index = 0; index < WORKERS; index++) {
    const worker = `host${index}:${1000 + index}:${randomBytes(6).toString('hex')}`
    const about = {
      startedAt: Date.now(),
      queues: ['default'],
      concurrency: SLOTS,
      tag: 'app',
      labels: [],
      capsules: {},
    }
    const asked = { worker, leaseMs, lane: 'default', request: 1, settlements: [], queues: ['default'] }
    const { jobs } = await storage.exchange({ ...asked, limit: SLOTS, ahead: 0, begun: [] })
    const held = jobs.map(({ token }) => token)
    const progress = { done: 3, total: 10, note: 'halfway' }
    const running = held.map((token) => ({ token, startedAt: Date.now(), progress }))
    await storage.beat({ worker, leaseMs, about, quiet: false, running, heard: [], held, answered: { default: 1 } })
  }
}
