import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'
import { afterEach, expect, test, vi } from 'vitest'
import { workApp } from '../../src/cli/work/work-app.ts'

const app = new Quayside({ storage: memoryStorage(), logger: false })
const Cleanup = app.job('Cleanup', { queue: 'low', async perform() {} })
const entry = { cron: '0 3 * * *', timezone: 'Europe/Berlin', args: ['full'] }

/** In the place of the app's own, whose answer needs a storage. */
const give = ({ cron }: { cron: unknown }) => Object.defineProperty(app, 'cron', { value: cron, configurable: true })

afterEach(() => vi.restoreAllMocks())

test('periodic jobs of the file are handed over before the worker starts: by the job where it is known', async () => {
  const calls: unknown[] = []
  give({ cron: (entries: unknown) => calls.push(entries) })
  vi.spyOn(app, 'work').mockImplementation((options) => calls.push(options?.concurrency) as never)
  const cron = { nightly: { ...entry, job: 'Cleanup' }, elsewhere: { ...entry, job: 'RubyJob' } }
  workApp(app, { cron, concurrency: 3 })
  expect(calls).toEqual([{ nightly: { ...entry, job: Cleanup }, elsewhere: { ...entry, class: 'RubyJob' } }, 3])
})

test('an app that knows no periodic jobs is told so', () => {
  give({ cron: undefined })
  expect(() => workApp(app, { cron: { nightly: { ...entry, job: 'Cleanup' } } })).toThrow('does not know any')
})
