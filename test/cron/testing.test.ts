import { describe, expect, test } from 'vitest'
import { advance, drain, fake, inline, jobs } from '../../src/testing/index.ts'
import { ManualClock } from '../conformance/manual-clock.ts'
import { harbour } from '../testing/harbour.ts'

/** An app whose runs note what they are and when, in hours after noon. */
function faked() {
  const clock = new ManualClock()
  const { app, reached } = harbour({ clock })
  const noon = clock.now()
  const ran: [what: string, hour: number, tick: number | undefined][] = []
  const note = app.job('Note', {
    perform(what: string) {
      const hour = ((this.payload.enqueued_at ?? 0) * 1_000 - noon) / 3_600_000
      ran.push([what, Math.round(hour * 100) / 100, this.tickAt && (this.tickAt.getTime() - noon) / 3_600_000])
    },
  })
  return { app, clock, reached, ran, note }
}

describe('in fake mode', () => {
  test('advance runs ticks, in order with all else that is due', async () => {
    const { app, ran, note, reached } = faked()
    await app.cron({ six: { cron: '0 */6 * * *', job: note, args: ['tick'] } })
    fake(app)
    await note.performIn('6h', 'same')
    await note.performIn('7h', 'later')
    expect(await advance(app, '12h')).toBe(4)
    expect(ran).toEqual(
      [
        ['tick', 6, 6],
        ['same', 6, undefined],
        ['later', 7, undefined],
        ['tick', 12, 12],
      ].map(([what, hour, tick]) => [what, hour, tick]),
    )
    expect(reached).toEqual([])
  })

  test('three days are three ticks of a day, each at its own moment, and none comes twice', async () => {
    const { app, ran, note } = faked()
    fake(app)
    await app.cron({ daily: { cron: '0 3 * * *', job: note, args: ['daily'], timezone: 'Europe/Berlin' } })
    await advance(app, '1d')
    await advance(app, '2d')
    expect(ran.map(([, , tick]) => tick)).toEqual([14, 38, 62])
    expect(await advance(app, '1h')).toBe(0)
  })

  test('drain goes as far as it is told, and without that nowhere', async () => {
    const { app, clock, ran, note } = faked()
    fake(app)
    await app.cron({ hourly: { cron: '@hourly', job: note, args: ['x'] } })
    expect(await drain(app)).toBe(0)
    expect(await drain(app, { until: new Date(clock.now() + 2.5 * 3_600_000) })).toBe(2)
    expect(ran.map(([, , tick]) => tick)).toEqual([1, 2])
    expect(jobs(app)).toEqual([])
  })

  test('retries of a tick and the ticks after it are in the order of time', async () => {
    const { app } = faked()
    const seen: string[] = []
    const fragile = app.job('Fragile', {
      retryIn: () => '90m',
      perform() {
        seen.push(`${this.tickAt?.getUTCHours()}:${this.attempt}`)
        if (this.attempt === 1) throw new Error('at first')
      },
    })
    fake(app)
    await app.cron({ fragile: { cron: '0 * * * *', job: fragile } })
    await advance(app, '3h')
    expect(seen).toEqual(['13:1', '14:1', '13:2', '15:1'])
  })

  test('overlap is judged there, too', async () => {
    const { app } = faked()
    const failing = app.job('Failing', { retryIn: () => '2h', perform: () => Promise.reject(new Error('no')) })
    fake(app)
    const cron = await app.cron({ failing: { cron: '@hourly', job: failing, overlap: 'skip' } })
    await advance(app, '4h')
    expect(await cron.get('failing')).toMatchObject({ skippedCount: 3 })
  })

  test('a job may pause, resume and make entries', async () => {
    const { app, ran, note } = faked()
    fake(app)
    const cron = await app.cron({ hourly: { cron: '@hourly', job: note, args: ['hourly'] } })
    const change = app.job('Change', {
      async perform() {
        await cron.pause('hourly')
        await cron.set('often', { cron: '*/20 * * * *', job: note, args: ['often'] })
      },
    })
    await change.performIn('90m')
    await advance(app, '3h')
    expect(ran.map(([what, hour]) => [what, hour])).toEqual([
      ['hourly', 1],
      ['often', 1.67],
      ['often', 2],
      ['often', 2.33],
      ['often', 2.67],
      ['often', 3],
    ])
  })

  test('each mode starts afresh, and lists are there without a worker', async () => {
    const { app, note } = faked()
    const cron = await app.cron({ hourly: { cron: '@hourly', job: note, args: ['x'] } })
    for (let turn = 0; turn < 2; turn++) {
      fake(app)
      expect(await cron.list()).toMatchObject([{ name: 'hourly', lastAt: undefined }])
      await advance(app, '1h')
      expect(await cron.list()).toMatchObject([{ lastAt: expect.any(Date) }])
    }
  })
})

describe('in inline mode', () => {
  test('nothing ticks by itself; advance performs ticks as they come, and what fails goes its way', async () => {
    const { app, ran, note } = faked()
    const failing = app.job('Failing', { perform: () => Promise.reject(new Error('no')) })
    inline(app)
    const cron = await app.cron({
      hourly: { cron: '@hourly', job: note, args: ['x'] },
      failing: { cron: '@hourly', job: failing },
    })
    expect(ran).toEqual([])
    await advance(app, '1h')
    expect(ran).toEqual([['x', 1, 1]])
    expect(await app.retries.size()).toBe(1)
    expect(await cron.get('failing')).toMatchObject({ skippedCount: 0, lastJid: expect.any(String) })
    await cron.run('hourly')
    expect(ran).toHaveLength(2)
    await expect(cron.run('failing')).rejects.toThrow('no')
  })
})
