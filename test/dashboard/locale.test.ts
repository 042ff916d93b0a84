import { expect, test } from 'vitest'
import { html } from '../../src/dashboard/html.ts'
import { localeOf, spoken } from '../../src/dashboard/locale.ts'
import { visiting } from './visiting.ts'

const en = localeOf('en', 'UTC')

test('messages have plurals, and numbers as the language writes them', () => {
  expect(en.t('countJobs', { count: 1 })).toBe('1 job')
  expect(en.t('countJobs', { count: 12_345 })).toBe('12,345 jobs')
  expect(en.t('toOverview')).toBe('To the overview')
})

test('markup in a message stays markup, all else is text', () => {
  const queue = html`<b>a</b>`
  expect(String(en.rich('warning_late', { queue, wait: '<i>' }))).toBe(
    '<b>a</b> is late: its next job has waited for &lt;i&gt;.',
  )
})

test('lengths of time have their two largest units', () => {
  const spans = [0, 12, 999, 1_000, 61_000, 3_600_000, 90_061_000]
  expect(spans.map((ms) => en.duration(ms))).toEqual([
    '0 ms',
    '12 ms',
    '999 ms',
    '1 sec',
    '1 min 1 sec',
    '1 hr',
    '1 day 1 hr',
  ])
})

test('instants are told by their distance, and in the zone of the reader', () => {
  const now = Date.UTC(2026, 0, 1, 12)
  expect([-90_000, 3_700_000, 0].map((ms) => en.relative(now + ms, now))).toEqual(['1 minute ago', 'in 1 hour', 'now'])
  expect(en.instant(now)).toBe('Jan 1, 2026, 12:00:00 PM UTC')
  expect(localeOf('en', 'Asia/Tokyo').instant(now)).toContain('09:00:00 PM')
})

test('the first wish that is spoken holds', () => {
  expect(spoken(['tlh', 'EN-gb;q=0.8'])).toBe('en')
  expect(spoken(['tlh', '__proto__', 'constructor', ''])).toBeUndefined()
})

test('the zone and the theme come from cookies, and nonsense in them harms nothing', async () => {
  const { see, job } = visiting()
  await job('Work').performIn('1h')
  const titles = async (cookie: string) => {
    const document = await see('/scheduled', { cookie })
    return [document.querySelector('time')?.getAttribute('title'), document.documentElement.getAttribute('data-theme')]
  }
  expect(await titles('quayside_zone=Asia%2FTokyo; quayside_theme=dark')).toEqual([
    expect.stringContaining('10:00:00 PM'),
    'dark',
  ])
  expect(await titles('quayside_zone=Nowhere; quayside_theme="><script>')).toEqual([
    expect.stringContaining('UTC'),
    'auto',
  ])
})

test('a language of the address goes along wherever one goes', async () => {
  const { see } = visiting()
  const document = await see('/retries?lang=en')
  expect(document.documentElement.getAttribute('lang')).toBe('en')
  for (const link of document.querySelectorAll('nav a')) expect(link.getAttribute('href')).toContain('lang=en')
  expect(document.querySelector('form.filter input[name=lang]')?.getAttribute('value')).toBe('en')
})
