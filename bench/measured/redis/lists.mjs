import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { queueNames } from './contenders.mjs'

const PAGE = 5_000

/**
 * How a job waits in Redis, in Sidekiq's format and with the fields that Sidekiq and Quayside give it.
 * @param {number} index
 */
export function payload(index) {
  const jid = randomBytes(12).toString('hex')
  const now = Date.now() / 1000
  const times = `"created_at":${now},"enqueued_at":${now}`
  return `{"class":"NoOp","queue":"default","retry":true,"args":[${index}],"jid":"${jid}",${times}}`
}

/** What waits in the lists of Sidekiq's format. @param {import('./contenders.mjs').Place} place */
export async function textsIn(place) {
  const redis = new Redis(place.url)
  const texts = []
  for (const name of queueNames(place)) {
    const key = `queue:${name}`
    const length = await redis.llen(key)
    for (let from = 0; from < length; from += PAGE) texts.push(...(await redis.lrange(key, from, from + PAGE - 1)))
  }
  redis.disconnect()
  return texts
}

/**
 * The numbers of the jobs that wait there.
 * @param {import('./contenders.mjs').Place} place
 * @returns {Promise<number[]>}
 */
export async function indexesIn(place) {
  return (await textsIn(place)).map((text) => JSON.parse(text).args[0])
}
