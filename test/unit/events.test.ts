import { describe, expect, test } from 'vitest'
import { EventBus, type EventName } from '../../src/events.ts'
import { thenable } from './support/thenable.ts'
import { thrownBy } from './support/thrown.ts'

function bus() {
  const reports: [unknown, EventName][] = []
  return { reports, events: new EventBus((error, name) => reports.push([error, name])) }
}

const started = { worker: 'w1' }

describe('on', () => {
  test('a listener hears each event of its name, and of no other', () => {
    const { events } = bus()
    const heard: unknown[] = []
    events.on('worker:started', (event) => heard.push(event))
    events.emit('worker:started', started)
    events.emit('worker:quiet', { worker: 'w2' })
    events.emit('worker:started', started)
    expect(heard).toEqual([started, started])
  })

  test('listeners hear in the order in which they came', () => {
    const { events } = bus()
    const heard: string[] = []
    for (const name of ['a', 'b', 'c']) events.on('worker:started', () => heard.push(name))
    events.emit('worker:started', started)
    expect(heard).toEqual(['a', 'b', 'c'])
  })

  test.each([
    ['job:finished', 'There is no event "job:finished"; did you mean '],
    ['job:fail', 'There is no event "job:fail"; did you mean "job:failed"?'],
    ['workers:stopped', 'There is no event "workers:stopped"; did you mean "worker:stopped"?'],
    ['*', 'There is no event "*"; there are job:enqueued, job:started, '],
    ['__proto__', 'There is no event "__proto__"; '],
    ['constructor', 'There is no event "constructor"; '],
  ])('%s is no event', (name, message) => {
    const error = thrownBy(() => bus().events.on(name as never, () => {}))
    expect(error.name).toBe('OptionError')
    expect(error.message).toContain(message)
  })

  test('what is no function is no listener', () => {
    const { message } = thrownBy(() => bus().events.on('job:failed', 'log' as never))
    expect(message).toBe('A listener must be a function; got "log" (string).')
  })
})

describe('an end of listening', () => {
  test.each([1, 2])('by off, or by what on answers (%i)', (way) => {
    const { events } = bus()
    const heard: unknown[] = []
    const listener = (event: unknown) => heard.push(event)
    const end = events.on('worker:started', listener)
    if (way === 1) events.off('worker:started', listener)
    else end()
    events.emit('worker:started', started)
    expect(heard).toEqual([])
    expect(events.hears('worker:started')).toBe(false)
  })

  test('is for that event alone, when one function listens to two', () => {
    const { events } = bus()
    const heard: unknown[] = []
    const listener = (event: unknown) => heard.push(event)
    events.on('worker:started', listener)
    events.on('worker:quiet', listener)
    events.off('worker:started', listener)
    events.emit('worker:started', started)
    events.emit('worker:quiet', { worker: 'w2' })
    expect(heard).toEqual([{ worker: 'w2' }])
  })

  test('works as often as the same function was added', () => {
    const { events } = bus()
    let heard = 0
    const listener = () => heard++
    events.on('worker:started', listener)
    events.on('worker:started', listener)
    events.off('worker:started', listener)
    events.off('worker:started', listener)
    events.emit('worker:started', started)
    expect(heard).toBe(0)
  })

  test('by one of two leaves the other', () => {
    const { events } = bus()
    const heard: string[] = []
    const end = events.on('worker:started', () => heard.push('a'))
    events.on('worker:started', () => heard.push('b'))
    end()
    end()
    events.emit('worker:started', started)
    expect(heard).toEqual(['b'])
  })

  test('of a function that never listened is nothing', () => bus().events.off('worker:started', () => {}))

  test('during an event is from the next one on', () => {
    const { events } = bus()
    const heard: string[] = []
    const end: () => void = events.on('worker:started', () => {
      heard.push('a')
      end()
    })
    events.on('worker:started', () => heard.push('b'))
    events.emit('worker:started', started)
    events.emit('worker:started', started)
    expect(heard).toEqual(['a', 'b', 'b'])
  })
})

describe('a listener that fails', () => {
  test('by throwing is reported, and the others hear', () => {
    const { events, reports } = bus()
    const heard: unknown[] = []
    const error = new Error('mine')
    events.on('worker:started', () => {
      throw error
    })
    events.on('worker:started', (event) => heard.push(event))
    events.emit('worker:started', started)
    expect(heard).toEqual([started])
    expect(reports).toEqual([[error, 'worker:started']])
  })

  test.each<[string, () => unknown]>([
    ['a promise', () => Promise.reject('late')],
    [
      'an async function',
      async () => {
        throw 'late'
      },
    ],
    [
      'a promise of another library',
      () => thenable((_resolve: unknown, reject: (error: unknown) => void) => reject('late')),
    ],
  ])('by rejecting is reported: %s', async (_name, listener) => {
    const { events, reports } = bus()
    events.on('worker:stopped', listener)
    events.emit('worker:stopped', { worker: 'w', unfinished: 0 })
    for (let turn = 0; turn < 5; turn++) await undefined
    expect(reports).toEqual([['late', 'worker:stopped']])
  })
})

test('hears is true while somebody listens', () => {
  const { events } = bus()
  expect(events.hears('job:failed')).toBe(false)
  const end = events.on('job:failed', () => {})
  expect([events.hears('job:failed'), events.hears('job:died')]).toEqual([true, false])
  end()
  expect(events.hears('job:failed')).toBe(false)
})
