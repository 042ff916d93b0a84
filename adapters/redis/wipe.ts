import { queueNames } from './inspect.ts'
import type { Link } from './link.ts'
import { FORGET_ONE } from './scripts/manage.ts'

const SIDEKIQS = ['queues', 'schedule', 'retry', 'dead', 'paused']

/** What is ours, and statistics. The histograms of Sidekiq 7 have no beginning of their own, and end within hours. */
const PATTERNS = ['quayside:*', 'stat:processed*', 'stat:failed*', 'j|*', 'h|*']

/** Keys that one command deletes. */
const SLICE = 1_000

/**
 * Deletes what is ours, and of Sidekiq's what is jobs or statistics. Processes of Ruby's and what they keep stay: those
 * who live write it again, and of the others it ends by itself. `quayside:seq` stays, too: what a worker of before
 * still says must not hit a new job.
 */
export async function wipe(link: Link): Promise<void> {
  const { prefix } = link
  const queues = await queueNames(link)
  const workers = (await link.command('ZRANGE', `${prefix}quayside:leases`, 0, -1)) as string[]
  await Promise.all(workers.map((worker) => link.run(FORGET_ONE, [worker])))
  const keys = [...SIDEKIQS, ...queues.map((queue) => `queue:${queue}`)].map((key) => prefix + key)
  for (const pattern of PATTERNS) keys.push(...(await find(link, pattern)))
  const ours = keys.filter((key) => key !== `${prefix}quayside:seq`)
  for (let at = 0; at < ours.length; at += SLICE) await link.command('UNLINK', ...ours.slice(at, at + SLICE))
}

async function find(link: Link, pattern: string): Promise<string[]> {
  const found: string[] = []
  let cursor = '0'
  do {
    const match = escaped(link.prefix) + pattern
    const [next, keys] = (await link.command('SCAN', cursor, 'MATCH', match, 'COUNT', SLICE)) as [string, string[]]
    found.push(...keys)
    cursor = next
  } while (cursor !== '0')
  return found
}

/** SCAN takes a pattern; a prefix such as '{shop}:' or a namespace named '*' is none. */
const escaped = (text: string): string => text.replace(/[[\]*?\\^-]/g, '\\$&')
