import { type Cron, Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'

const app = new Quayside({ storage: memoryStorage() })
const clean = app.job('Clean', { perform: (mode: 'full' | 'quick', days?: number) => [mode, days] })
const report = app.job('Report', {
  perform() {
    const tickAt: Date | undefined = this.tickAt
    return tickAt
  },
})

const cron: Cron = await app.cron({
  clean: { cron: '0 3 * * *', job: clean, args: ['full', 7], queue: 'low', timezone: 'Europe/Berlin' },
  quick: { cron: '@hourly', job: clean.set({ retry: 3 }), args: ['quick'] },
  report: { cron: '0 8 * * 1', job: report, missed: 'skip', overlap: 'skip', description: 'for all', enabled: false },
  ruby: { cron: '*/5 * * * *', class: 'RubyJob', args: [1, 'two'], retry: 5 },
})
await app.cron({}, { source: 'billing' })
await app.cron()

// @ts-expect-error: an argument of another type
await app.cron({ clean: { cron: '0 3 * * *', job: clean, args: ['partly'] } })
// @ts-expect-error: its arguments are missing
await app.cron({ clean: { cron: '0 3 * * *', job: clean } })
// @ts-expect-error: it takes none
await app.cron({ report: { cron: '0 3 * * *', job: report, args: [1] } })
// @ts-expect-error: a policy that there is not
await app.cron({ report: { cron: '0 3 * * *', job: report, missed: 'never' } })
// @ts-expect-error: when?
await app.cron({ report: { job: report } })
// @ts-expect-error: which job?
await app.cron({ report: { cron: '@daily' } })
// @ts-expect-error: one of them
await app.cron({ report: { cron: '@daily', job: report, class: 'Report' } })

const [next]: (Date | undefined)[] = await cron.next('clean', 3)
await cron.set('tenant', { cron: '@daily', job: clean, args: ['full'] })
// @ts-expect-error: an argument of another type
await cron.set('tenant', { cron: '@daily', job: clean, args: [7] })

export { next }
