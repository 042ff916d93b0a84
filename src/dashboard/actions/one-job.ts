import { ArgumentError } from '../../errors.ts'
import { copyJob } from '../../inspect/copy.ts'
import { findJob } from '../look.ts'
import { aJob, jobPage } from '../pages/job.ts'
import { problem } from '../pages/problem.ts'
import { oneOf, text, whole } from '../parameters.ts'
import { ofBoth, ofSets } from '../place.ts'
import type { Route } from '../route.ts'

/** Makes a job due so long from now. */
const reschedule: readonly Route[] = ofSets({
  method: 'POST',
  path: '/reschedule',
  may: 'reschedule',
  takes: { ...aJob, amount: whole(0, 100_000, 0), unit: oneOf('m', 'h', 'd') },
  async answer(visit, place, { id, jid, page, amount, unit }) {
    const job = place.is === 'retries' || place.is === 'scheduled' ? await findJob(place, id, jid, page) : undefined
    if (!job || place.is === 'dead' || place.is === 'queue') return problem(visit, 404, 'jobGone')
    const isMoved = await place.jobs.reschedule(job, `${amount}${unit}`)
    const about = { place: place.path, jids: [job.jid], in: `${amount}${unit}` }
    return { done: 'done_rescheduled', count: isMoved ? 1 : 0, about, goTo: visit.urls.to(place.path) }
  },
})

/** Enqueues a copy of a job, with other arguments if some came. */
const copy: readonly Route[] = ofBoth({
  method: 'POST',
  path: '/copy',
  may: 'enqueue',
  takes: { ...aJob, args: text(200_000) },
  async answer(visit, place, { id, jid, page, args }) {
    const job = await findJob(place, id, jid, page)
    if (!job?.payload) return problem(visit, 404, 'jobGone')
    try {
      const copied = await copyJob(visit.app, job, args ? { args } : {})
      const about = { place: place.path, jids: [job.jid], copy: copied, isEdited: args !== '' }
      return { done: 'done_copied', count: 1, about, goTo: visit.urls.to(place.path) }
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error
      return jobPage(visit, place, job, page, { typed: args, complaint: error.message })
    }
  },
})

export const oneJobActions: readonly Route[] = [...reschedule, ...copy]
