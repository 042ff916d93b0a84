import { matching, oneOf } from '../parameters.ts'
import { type Route, route } from '../route.ts'

const signal: Route = route({
  method: 'POST',
  path: '/busy/signal',
  may: 'workers',
  takes: {
    worker: matching(/^.{1,300}$/s, 'the id of a worker'),
    signal: oneOf('quiet', 'stop'),
  },
  async answer({ app, urls }, { worker, signal }) {
    const isHeard = await app.signal(worker, signal)
    return { done: 'done_signalled', count: isHeard ? 1 : 0, about: { worker, signal }, goTo: urls.to('/busy') }
  },
})

const cancel: Route = route({
  method: 'POST',
  path: '/busy/cancel',
  may: 'cancel',
  takes: { jid: matching(/^.{1,300}$/s, 'a jid') },
  async answer({ app, urls }, { jid }) {
    const found = await app.cancel(jid)
    return { done: 'done_cancelled', count: found === 'gone' ? 0 : 1, about: { jids: [jid] }, goTo: urls.to('/busy') }
  },
})

export const busyActions: readonly Route[] = [signal, cancel]
