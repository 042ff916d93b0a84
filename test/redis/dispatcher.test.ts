import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { Dispatcher } from '../../adapters/redis/connection/dispatcher.ts'
import type { Line } from '../../adapters/redis/connection/line.ts'
import { ManualClock } from '../conformance/manual-clock.ts'

test('a call that waited for a connection knows for how long', async () => {
  const clock = new ManualClock()
  const dispatcher = new Dispatcher(clock, 5_000)
  const connection = {} as Redis
  let redis: Redis | undefined
  const line: Line = {
    get redis() {
      return redis
    },
    failure: undefined,
    open() {},
    leave() {},
    hangUp() {},
    close() {},
  }
  dispatcher.use(line)
  const send = async (_: Redis, waitedMs: number) => waitedMs
  const early = dispatcher.call(send)
  await clock.advance(700)
  const late = dispatcher.call(send)
  await clock.advance(50)
  redis = connection
  dispatcher.onReady()
  expect([await early, await late, await dispatcher.call(send)]).toEqual([750, 50, 0])
  await dispatcher.close()
})
