import { choice } from '../parameters.ts'
import { ask } from '../parts/ask.ts'
import { ofQueue } from '../place.ts'
import type { Route } from '../route.ts'

const pausing = (isPaused: boolean): Route =>
  ofQueue({
    method: 'POST',
    path: isPaused ? '/pause' : '/resume',
    may: 'queues',
    takes: {},
    async answer({ app, urls }, place) {
      const queue = app.queue(place.is === 'queue' ? place.queue : '')
      await (isPaused ? queue.pause() : queue.resume())
      return {
        done: isPaused ? 'done_paused' : 'done_resumed',
        count: 1,
        about: { queue: queue.name },
        goTo: urls.to('/queues'),
      }
    },
  })

const clear: Route = ofQueue({
  method: 'POST',
  path: '/clear',
  may: 'delete',
  takes: { sure: choice('', 'yes') },
  async answer(visit, place, { sure }) {
    const { locale, urls } = visit
    const queue = place.is === 'queue' ? place.queue : ''
    if (sure === '') {
      const count = await place.jobs.size()
      return ask(visit, {
        title: locale.t('queueTitle', { queue }),
        under: 'queues',
        sentence: locale.t('ask_clear', { queue, count }),
        button: locale.t('clear'),
        action: urls.to(`${place.path}/clear`),
        fields: [],
        back: urls.to(place.path),
      })
    }
    return { done: 'done_cleared', count: await place.jobs.clear(), about: { queue }, goTo: urls.to('/queues') }
  },
})

export const queueActions: readonly Route[] = [pausing(true), pausing(false), clear]
