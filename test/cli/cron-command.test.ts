import { beforeEach, expect, test } from 'vitest'
import { Ground } from './ground.ts'

const ground = new Ground()

beforeEach(async () => {
  const cron = await ground.app.cron()
  await cron.set('daily-cleanup', { cron: '0 3 * * *', timezone: 'Europe/Berlin', class: 'Cleanup', args: ['full'] })
})

test('shows periodic jobs, and their next ticks', async () => {
  const { stdout } = await ground.run('cron')
  expect(stdout).toMatch(/^daily-cleanup {2}0 3 \* \* \* {2}Europe\/Berlin {2}Cleanup {2}- +in \d+[hm]$/m)
  const ticks = (await ground.json('cron', 'next', 'daily-cleanup', '-n', '2')) as string[]
  expect(ticks).toHaveLength(2)
  expect(Date.parse(ticks[1] as string) - Date.parse(ticks[0] as string)).toBeGreaterThan(22 * 3_600_000)
})

test('pauses, resumes and runs one', async () => {
  expect((await ground.run('cron', 'pause', 'daily-cleanup')).stdout).toContain('paused')
  expect(await ground.json('cron')).toMatchObject([{ name: 'daily-cleanup', paused: true }])
  const { jid } = (await ground.json('cron', 'run', 'daily-cleanup')) as { jid: string }
  expect((await ground.app.queue('default').page()).jobs).toMatchObject([{ jid, class: 'Cleanup', args: ['full'] }])
  expect(await ground.json('cron', 'resume', 'daily-cleanup')).toMatchObject([{ paused: false }])
})

test('removes one, when it is told to', async () => {
  const asked = await ground.run('cron', 'remove', 'daily-cleanup')
  expect([asked.exit, asked.stderr]).toEqual([2, expect.stringContaining('say --yes')])
  expect((await ground.run('cron', 'remove', 'daily-cleanup', '--yes')).stdout).toBe('daily-cleanup is removed.\n')
  expect((await ground.run('cron')).stdout).toBe('There are no periodic jobs.\n')
})

test.each([
  { args: ['cron', 'puase', 'x'], says: 'quayside cron has no puase; there are list, next' },
  { args: ['cron', 'pause'], says: 'needs the name of a periodic job' },
  { args: ['cron', 'pause', 'daily-clean'], says: "did you mean 'daily-cleanup'?" },
])('refuses $args', async ({ args, says }) => {
  const { exit, stderr } = await ground.run(...args)
  expect(stderr).toContain(says)
  expect(exit).toBe(2)
})
