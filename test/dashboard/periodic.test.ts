import { expect, test } from 'vitest'
import { visiting } from './visiting.ts'

async function withCleanup() {
  const here = visiting()
  const cron = await here.app.cron()
  const entry = { cron: '0 3 * * *', timezone: 'Europe/Berlin', class: 'Cleanup', description: 'nightly' }
  await cron.set('daily-cleanup', entry)
  return { ...here, cron }
}

test('periodic jobs are shown with their times', async () => {
  const here = await withCleanup()
  const [row] = [...(await here.see('/periodic')).querySelectorAll('table.periodic tbody tr')]
  const text = row?.textContent.replace(/\s+/g, ' ')
  expect(text).toMatch(/^daily-cleanup ?nightly 0 3 \* \* \* Europe\/Berlin ?Cleanup ?in \d+ hours?/)
})

test('they are paused, resumed and run', async () => {
  const here = await withCleanup()
  const paused = await here.submit('/periodic/pause', { name: 'daily-cleanup' })
  expect(paused.querySelector('[role=status]')?.textContent).toBe('1 periodic job is paused.')
  expect(paused.querySelector('strong.paused')).not.toBeNull()
  expect(await here.cron.get('daily-cleanup')).toMatchObject({ paused: true })
  await here.submit('/periodic/resume', { name: 'daily-cleanup' })
  expect(await here.cron.get('daily-cleanup')).toMatchObject({ paused: false })
  await here.submit('/periodic/run', { name: 'daily-cleanup' })
  expect((await here.app.queue('default').page()).jobs).toMatchObject([{ class: 'Cleanup' }])
})

test('one that is gone is not acted on', async () => {
  const here = await withCleanup()
  const document = await here.submit('/periodic/run', { name: 'gone' })
  expect(document.querySelector('[role=status]')?.textContent).toMatch(/^0 /)
  expect(await here.app.queue('default').size()).toBe(0)
})

test('a job that waits for the network says so, not when it would be due', async () => {
  const here = visiting()
  await here.app.client.push({ class: 'Send', args: [], waiting_for: 'network', at: 90_000_000_000 })
  const list = await here.see('/scheduled')
  expect(list.querySelector('table.jobs tbody tr')?.textContent).toContain('waits for the network')
  expect(list.querySelector('table.jobs tbody time')).toBeNull()
  const address = list.querySelector('table.jobs tbody a')?.getAttribute('href') as string
  const timeline = (await here.see(address)).querySelector('.timeline')
  expect(timeline?.textContent).toContain('waits for the network')
})
