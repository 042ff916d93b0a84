import { describe, expect, test } from 'vitest'
import { checkTiming, lastTicks, nextTick, nextTicks } from '../../src/cron/schedule.ts'

const iso = (at: number | undefined): string => (at === undefined ? 'never' : new Date(at).toISOString())
/** As the wall clocks of a zone show it, without the date where it is that of the row. */
function shown(at: number, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    hourCycle: 'h23',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  }).formatToParts(at)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00'
  return `${part('month')}-${part('day')} ${part('hour')}:${part('minute')}${offset}`
}

/**
 * From noon of the day before a change of the clocks: the next ticks, as the wall clocks show them. Fixed times: once,
 * right after the gap where there is no such time, and at the first of two. Wildcards and steps: by real time.
 */
const CHANGES: [zone: string, change: string, from: string, cron: string, ticks: string[]][] = [
  // Europe/Berlin: 02:00 becomes 03:00, and 03:00 becomes 02:00.
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '30 2 * * *', ['03-29 03:00+02:00', '03-30 02:30+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '0 2 * * *', ['03-29 03:00+02:00', '03-30 02:00+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '0 3 * * *', ['03-29 03:00+02:00', '03-30 03:00+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '59 1 * * *', ['03-29 01:59+01:00', '03-30 01:59+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '0,30 2 * * *', ['03-29 03:00+02:00', '03-30 02:00+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '30 2,4 * * *', ['03-29 03:00+02:00', '03-29 04:30+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '30 2 * * SUN', ['03-29 03:00+02:00', '04-05 02:30+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '30 2 29 3 *', ['03-29 03:00+02:00', '03-29 02:30+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '*/30 2 * * *', ['03-30 02:00+02:00', '03-30 02:30+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-28T11:00Z', '0 */2 29 * *', ['03-29 00:00+01:00', '03-29 04:00+02:00']],
  ['Europe/Berlin', 'gap', '2026-03-29T00:30Z', '30 * * * *', ['03-29 03:30+02:00', '03-29 04:30+02:00']],
  ['Europe/Berlin', 'overlap', '2026-10-24T11:00Z', '30 2 * * *', ['10-25 02:30+02:00', '10-26 02:30+01:00']],
  ['Europe/Berlin', 'overlap', '2026-10-24T11:00Z', '0 3 * * *', ['10-25 03:00+01:00', '10-26 03:00+01:00']],
  ['Europe/Berlin', 'overlap', '2026-10-24T11:00Z', '59 1 * * *', ['10-25 01:59+02:00', '10-26 01:59+01:00']],
  [
    'Europe/Berlin',
    'overlap',
    '2026-10-24T11:00Z',
    '0,30 2 * * *',
    ['10-25 02:00+02:00', '10-25 02:30+02:00', '10-26 02:00+01:00'],
  ],
  [
    'Europe/Berlin',
    'overlap',
    '2026-10-24T11:00Z',
    '*/30 2 25 * *',
    ['10-25 02:00+02:00', '10-25 02:30+02:00', '10-25 02:00+01:00', '10-25 02:30+01:00'],
  ],
  [
    'Europe/Berlin',
    'overlap',
    '2026-10-25T00:00Z',
    '30 * * * *',
    ['10-25 02:30+02:00', '10-25 02:30+01:00', '10-25 03:30+01:00'],
  ],
  // America/New_York: at 2:00, both ways.
  ['America/New_York', 'gap', '2026-03-07T17:00Z', '30 2 * * *', ['03-08 03:00-04:00', '03-09 02:30-04:00']],
  ['America/New_York', 'gap', '2026-03-07T17:00Z', '@daily', ['03-08 00:00-05:00', '03-09 00:00-04:00']],
  ['America/New_York', 'gap', '2026-03-08T06:00Z', '@hourly', ['03-08 03:00-04:00', '03-08 04:00-04:00']],
  ['America/New_York', 'overlap', '2026-10-31T16:00Z', '30 1 * * *', ['11-01 01:30-04:00', '11-02 01:30-05:00']],
  ['America/New_York', 'overlap', '2026-11-01T05:00Z', '@hourly', ['11-01 01:00-05:00', '11-01 02:00-05:00']],
  ['America/New_York', 'overlap', '2026-10-31T16:00Z', '30 1 1 * *', ['11-01 01:30-04:00', '12-01 01:30-05:00']],
  // Europe/London: at 1:00 of winter time.
  ['Europe/London', 'gap', '2026-03-28T12:00Z', '30 1 * * *', ['03-29 02:00+01:00', '03-30 01:30+01:00']],
  ['Europe/London', 'gap', '2026-03-28T12:00Z', '15 */1 29 3 *', ['03-29 00:15+00:00', '03-29 02:15+01:00']],
  ['Europe/London', 'overlap', '2026-10-24T11:00Z', '30 1 * * *', ['10-25 01:30+01:00', '10-26 01:30+00:00']],
  [
    'Europe/London',
    'overlap',
    '2026-10-24T23:00Z',
    '45 * * * *',
    ['10-25 00:45+01:00', '10-25 01:45+01:00', '10-25 01:45+00:00'],
  ],
  // Australia/Lord_Howe: by half an hour.
  ['Australia/Lord_Howe', 'gap', '2026-10-03T01:00Z', '15 2 * * *', ['10-04 02:30+11:00', '10-05 02:15+11:00']],
  ['Australia/Lord_Howe', 'gap', '2026-10-03T01:00Z', '30 2 * * *', ['10-04 02:30+11:00', '10-05 02:30+11:00']],
  [
    'Australia/Lord_Howe',
    'gap',
    '2026-10-03T15:00Z',
    '*/15 * * * *',
    ['10-04 01:45+10:30', '10-04 02:30+11:00', '10-04 02:45+11:00'],
  ],
  ['Australia/Lord_Howe', 'overlap', '2026-04-04T01:00Z', '45 1 * * *', ['04-05 01:45+11:00', '04-06 01:45+10:30']],
  [
    'Australia/Lord_Howe',
    'overlap',
    '2026-04-04T14:30Z',
    '*/15 * * * *',
    ['04-05 01:45+11:00', '04-05 01:30+10:30', '04-05 01:45+10:30'],
  ],
  // America/Santiago: at midnight, so a day begins at 1:00, and one hour before midnight comes twice.
  ['America/Santiago', 'gap', '2026-09-05T16:00Z', '0 0 * * *', ['09-06 01:00-03:00', '09-07 00:00-03:00']],
  ['America/Santiago', 'gap', '2026-09-05T16:00Z', '30 0 * * *', ['09-06 01:00-03:00', '09-07 00:30-03:00']],
  ['America/Santiago', 'overlap', '2026-04-04T15:00Z', '30 23 * * *', ['04-04 23:30-03:00', '04-05 23:30-04:00']],
  ['America/Santiago', 'overlap', '2026-04-04T15:00Z', '0 0 * * *', ['04-05 00:00-04:00', '04-06 00:00-04:00']],
  // Africa/Cairo: at midnight in spring, back at midnight in autumn.
  ['Africa/Cairo', 'gap', '2026-04-23T10:00Z', '0 0 * * *', ['04-24 01:00+03:00', '04-25 00:00+03:00']],
  ['Africa/Cairo', 'overlap', '2026-10-29T09:00Z', '30 23 * * *', ['10-29 23:30+03:00', '10-30 23:30+02:00']],
  // Asia/Kolkata has no changes; Pacific/Apia once left out a whole day.
  ['Asia/Kolkata', 'none', '2026-03-28T06:30Z', '30 2 * * *', ['03-29 02:30+05:30', '03-30 02:30+05:30']],
  ['Pacific/Apia', 'gap', '2011-12-29T22:00Z', '0 12 * * *', ['12-31 12:00+14:00', '01-01 12:00+14:00']],
  ['Pacific/Apia', 'gap', '2011-12-29T22:00Z', '@hourly', ['12-29 13:00-10:00', '12-29 14:00-10:00']],
]

describe('the changes of the clocks', () => {
  test.each(CHANGES)('%s, %s, from %s: %s', (timezone, _change, from, cron, ticks) => {
    const at = nextTicks({ cron, timezone }, ticks.length, Date.parse(from))
    expect(at.map((each) => shown(each, timezone))).toEqual(ticks)
  })

  test.each(CHANGES)('%s, %s, from %s: %s, looked at backwards, is the same', (timezone, _change, from, cron) => {
    const after = Date.parse(from)
    const forwards = nextTicks({ cron, timezone }, 60, after)
    const until = forwards.at(-1) as number
    expect(lastTicks({ cron, timezone }, 60, after, until).reverse()).toEqual(forwards)
  })
})

describe('ticks', () => {
  const minutely = { cron: '* * * * *', timezone: 'UTC' }
  const noon = Date.parse('2026-01-01T12:00:00Z')

  test('come after an instant, and not at it', () => {
    expect(iso(nextTick(minutely, noon))).toBe('2026-01-01T12:01:00.000Z')
    expect(iso(nextTick(minutely, noon - 1))).toBe('2026-01-01T12:00:00.000Z')
  })

  test('of the past are those up to an instant, at it too', () => {
    expect(lastTicks(minutely, 9, noon - 120_000, noon).map(iso)).toEqual([
      '2026-01-01T12:00:00.000Z',
      '2026-01-01T11:59:00.000Z',
    ])
    expect(lastTicks(minutely, 9, noon, noon + 59_999)).toEqual([])
    expect(lastTicks(minutely, 9, noon, noon)).toEqual([])
  })

  test('of years ago cost no more than are asked for', () => {
    const secondly = { cron: '* * * * * *', timezone: 'Europe/Berlin' }
    expect(lastTicks(secondly, 3, 0, noon).map(iso)).toEqual([
      '2026-01-01T12:00:00.000Z',
      '2026-01-01T11:59:59.000Z',
      '2026-01-01T11:59:58.000Z',
    ])
  })

  test.each([
    ['@yearly', '2027-01-01T00:00:00.000Z'],
    ['@annually', '2027-01-01T00:00:00.000Z'],
    ['@monthly', '2026-02-01T00:00:00.000Z'],
    ['@weekly', '2026-01-04T00:00:00.000Z'],
    ['@daily', '2026-01-02T00:00:00.000Z'],
    ['@midnight', '2026-01-02T00:00:00.000Z'],
    ['@hourly', '2026-01-01T13:00:00.000Z'],
    ['15 * * * * *', '2026-01-01T12:00:15.000Z'],
    ['0 0 L * *', '2026-01-31T00:00:00.000Z'],
    ['0 0 LW * *', '2026-01-30T00:00:00.000Z'],
    ['0 0 15W * *', '2026-01-15T00:00:00.000Z'],
    ['0 0 * * FRI#2', '2026-01-09T00:00:00.000Z'],
    ['0 0 * * FRIL', '2026-01-30T00:00:00.000Z'],
    ['0 3 * * MON-FRI', '2026-01-02T03:00:00.000Z'],
    ['0 0 1 * FRI', '2026-01-02T00:00:00.000Z'],
    ['0 0 1 * +FRI', '2026-05-01T00:00:00.000Z'],
    ['0 0 29 2 *', '2028-02-29T00:00:00.000Z'],
  ])('%s are understood', (cron, next) => {
    const timing = { cron, timezone: 'UTC' }
    checkTiming('here', timing, noon)
    expect(iso(nextTick(timing, noon))).toBe(next)
  })

  test.each([
    ['* * * *', /^here: cron must be five fields .*; got "\* \* \* \*" \(string\)\. .*exactly five/],
    ['60 * * * *', /Invalid value for minute: 60/],
    ['@reboot', /not supported/],
    ['2026-01-01T00:00:00', /must be five fields/],
    ['0 0 0 1 1 * 2030', /exactly 5 or 6/],
    ['0 0 31 2 *', /never comes/],
    ['*,'.repeat(200), /at most 256 characters; got 400/],
    [7, /got 7 \(number\)/],
    [undefined, /got undefined/],
  ])('%s is refused', (cron, message) => {
    expect(() => checkTiming('here', { cron: cron as string, timezone: 'UTC' }, noon)).toThrow(
      expect.objectContaining({ name: 'OptionError', message: expect.stringMatching(message) }),
    )
  })

  test.each(['Mars/Olympus', '', 7, null])('the zone %s is refused', (timezone) => {
    const check = () => checkTiming('here', { cron: '@daily', timezone: timezone as string }, noon)
    expect(check).toThrow("here: timezone must be an IANA name such as 'Europe/Berlin' or 'UTC'; got ")
  })
})
