import { describe, expect, test } from 'vitest'
import { type Round, Service } from '../../../src/worker/service.ts'
import { ManualClock } from '../../conformance/manual-clock.ts'

class HalfClock extends ManualClock {
  override random(): number {
    return 0.5
  }
}

function serviceOf(round: Round) {
  const clock = new HalfClock()
  const failures: unknown[] = []
  const rounds: number[] = []
  const service = new Service(
    clock,
    () => {
      rounds.push(clock.monotonic())
      return round()
    },
    (error) => failures.push(error),
  )
  return { clock, service, failures, rounds }
}

describe('a service', () => {
  test('has a round at once, and then as often as the round says', async () => {
    const { clock, service, rounds } = serviceOf(async () => 100)
    service.start()
    await clock.advance(350)
    expect(rounds).toEqual([0, 100, 200, 300])
    await service.stop()
    expect(clock.waiting).toBe(0)
  })

  test('whose round names no time waits to be woken', async () => {
    const { clock, service, rounds } = serviceOf(async () => undefined)
    service.start()
    await clock.advance(1e9)
    expect(rounds).toEqual([0])
    service.wake()
    await clock.advance(5)
    expect(rounds).toEqual([0, 1e9])
    await service.stop()
  })

  test('woken has a round now, and counts the time from then', async () => {
    const { clock, service, rounds } = serviceOf(async () => 100)
    service.start()
    await clock.advance(30)
    service.wake()
    await clock.advance(120)
    expect(rounds).toEqual([0, 30, 130])
    await service.stop()
  })

  test('woken during a round has another one right after, and only one', async () => {
    let end = (): void => {}
    const { clock, service, rounds } = serviceOf(() => new Promise((resolve) => (end = () => resolve(undefined))))
    service.start()
    await clock.advance(10)
    service.wake()
    service.wake()
    await clock.advance(10)
    expect(rounds).toEqual([0])
    end()
    await clock.advance(10)
    expect(rounds).toEqual([0, 20])
    end()
    await clock.advance(10)
    expect(rounds).toEqual([0, 20])
    await service.stop()
  })

  test('started twice is started once', async () => {
    const { clock, service, rounds } = serviceOf(async () => 100)
    service.start()
    service.start()
    await clock.advance(150)
    service.start()
    await clock.advance(0)
    expect(rounds).toEqual([0, 100])
    await service.stop()
  })

  test('may be woken before it is started', async () => {
    const { clock, service, rounds } = serviceOf(async () => undefined)
    service.wake()
    await clock.advance(10)
    expect(rounds).toEqual([])
    service.start()
    await clock.advance(10)
    expect(rounds).toEqual([10, 10])
    await service.stop()
  })
})

describe('an end', () => {
  test('before the start: there is no round', async () => {
    const { clock, service, rounds } = serviceOf(async () => 100)
    await service.stop()
    service.start()
    service.wake()
    await clock.advance(1_000)
    expect(rounds).toEqual([])
  })

  test('waits for the round that goes on, and allows no other', async () => {
    let end = (): void => {}
    const { clock, service, rounds } = serviceOf(() => new Promise((resolve) => (end = () => resolve(5))))
    service.start()
    await clock.advance(0)
    let stopped = false
    const stopping = service.stop().then(() => (stopped = true))
    await clock.advance(1_000)
    expect(stopped).toBe(false)
    end()
    await stopping
    service.wake()
    await clock.advance(1_000)
    expect(rounds).toEqual([0])
    expect(clock.waiting).toBe(0)
  })

  test('may come twice, at the same time too', async () => {
    const { clock, service } = serviceOf(async () => 100)
    service.start()
    await clock.advance(50)
    await Promise.all([service.stop(), service.stop()])
    await service.stop()
    expect(clock.waiting).toBe(0)
  })
})

describe('a round that fails', () => {
  test('is reported and tried again, after longer each time, up to a second', async () => {
    const error = new Error('away')
    const { clock, service, failures, rounds } = serviceOf(() => Promise.reject(error))
    service.start()
    await clock.advance(4_000)
    const gaps = rounds.slice(1).map((at, index) => at - (rounds[index] as number))
    expect(gaps.slice(0, 6)).toEqual([75, 150, 300, 600, 750, 750])
    expect(failures.length).toBe(rounds.length)
    expect(failures[0]).toBe(error)
    await service.stop()
  })

  test('after a good one begins anew', async () => {
    const fails = [true, true, false, true]
    const { clock, service, rounds } = serviceOf(async () => {
      if (fails.shift()) throw new Error('away')
      return 1_000
    })
    service.start()
    await clock.advance(1_400)
    expect(rounds).toEqual([0, 75, 225, 1_225, 1_300])
    await service.stop()
  })

  test('by throwing before there is a promise is no different', async () => {
    const { clock, service, failures, rounds } = serviceOf(() => {
      throw new Error('sync')
    })
    service.start()
    await clock.advance(80)
    expect([rounds, failures.length]).toEqual([[0, 75], 2])
    await service.stop()
  })

  test('does not end the service when the report of it fails too', async () => {
    const clock = new HalfClock()
    let rounds = 0
    const service = new Service(
      clock,
      async () => {
        rounds++
        throw new Error('away')
      },
      () => {
        throw new Error('the logger is away as well')
      },
    )
    service.start()
    await clock.advance(80)
    expect(rounds).toBe(2)
    await service.stop()
  })

  test('can be woken out of its pause', async () => {
    const { clock, service, rounds } = serviceOf(() => Promise.reject(new Error('away')))
    service.start()
    await clock.advance(10)
    service.wake()
    await clock.advance(0)
    expect(rounds).toEqual([0, 10])
    await service.stop()
  })
})

test('runOnce is one round by itself: it answers what the round does, or the pause after a failure', async () => {
  expect(await serviceOf(async () => 42).service.runOnce()).toBe(42)
  expect(await serviceOf(async () => undefined).service.runOnce()).toBeUndefined()
  const { service, failures } = serviceOf(() => Promise.reject(new Error('away')))
  expect([await service.runOnce(), await service.runOnce(), failures.length]).toEqual([75, 150, 2])
})
