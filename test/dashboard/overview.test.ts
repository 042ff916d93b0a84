import { expect, test } from 'vitest'
import { visiting } from './visiting.ts'

test('shows the counters, and the days of the history', async () => {
  const { see, app, job } = visiting()
  await job('Work', { queue: 'mail' }).performBulk(Array.from({ length: 1_234 }, () => []))
  const document = await see('/?days=7')
  expect(document.querySelector('h1')?.textContent).toBe('Overview')
  expect(document.querySelector('dd[data-live=enqueued]')?.textContent).toBe('1,234')
  expect(document.querySelectorAll('table tbody tr')).toHaveLength(7)
  expect(document.querySelector('nav [aria-current=page]')?.getAttribute('href')).toBe('/')
  expect(await app.queue('mail').size()).toBe(1_234)
})

test('warns of a queue that nobody listens on', async () => {
  const { see, job } = visiting()
  await job('Work', { queue: 'mail' }).performAsync()
  const document = await see('/')
  expect(document.querySelector('.warnings li')?.textContent).toBe('Nobody listens on mail, where 1 job waits.')
  expect(document.querySelector('.warnings a')?.getAttribute('href')).toBe('/queues/mail')
})
