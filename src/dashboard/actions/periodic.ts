import { matching } from '../parameters.ts'
import { type DoneMessage, type Route, route } from '../route.ts'

const acting = (action: 'run' | 'pause' | 'resume', done: DoneMessage): Route =>
  route({
    method: 'POST',
    path: `/periodic/${action}`,
    may: 'periodic',
    takes: { name: matching(/^.{1,300}$/s, 'the name of a periodic job') },
    async answer(visit, { name }) {
      const cron = await visit.app.cron()
      const isThere = (await cron.get(name)) !== undefined
      if (isThere) await cron[action](name)
      return { done, count: isThere ? 1 : 0, about: { periodic: name }, goTo: visit.urls.to('/periodic') }
    },
  })

export const periodicActions: readonly Route[] = [
  acting('run', 'done_ran'),
  acting('pause', 'done_pausedPeriodic'),
  acting('resume', 'done_resumedPeriodic'),
]
