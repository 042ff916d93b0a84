import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { wallClockOrigin } from '../wall-clock.mjs'
import { contender, queueNames, turn } from './contenders.mjs'
import { payload } from './lists.mjs'
import { rubyProgram } from './ruby.mjs'

/**
 * A way to push one job: answers when the call was made, in milliseconds as performance.now() counts them.
 * @typedef {(index: number) => Promise<number>} Push
 *
 * @typedef {import('./contenders.mjs').Place & { contender: string }} Where
 */

/** Who pushes: the contender itself, anybody who knows Sidekiq's keys, or Ruby Sidekiq. */
export const pushers = {
  /** @param {Where} where @returns {Promise<Push>} */
  itself: async (where) => {
    const { open } = await contender(where.contender)
    const { enqueue } = await open(where)
    return async (index) => {
      const calledAt = performance.now()
      await enqueue(index)
      return calledAt
    }
  },

  /** The two commands that Ruby's client sends. @param {Where} where @returns {Promise<Push>} */
  raw: async (where) => {
    const redis = new Redis(where.url)
    const queues = queueNames(where)
    return async (index) => {
      const queue = turn(queues, index)
      const calledAt = performance.now()
      await redis.pipeline().sadd('queues', queue).lpush(`queue:${queue}`, payload(index)).exec()
      return calledAt
    }
  },

  /** @param {Where} where @returns {Promise<Push>} */
  ruby: async (where) => {
    const { command, args } = rubyProgram('push.rb', { url: where.url, queues: queueNames(where) })
    const ruby = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface(ruby.stdout)
    const origin = wallClockOrigin()
    return async (index) => {
      ruby.stdin.write(`${index}\n`)
      const [calledAt] = await once(lines, 'line')
      return Number(calledAt) - origin
    }
  },
}
