import { type Html, html } from '../html.ts'
import { frame } from '../layout.ts'
import { respondHtml } from '../respond.ts'
import type { Visit } from '../visit.ts'

export type Problem =
  | 'refused'
  | 'notFound'
  | 'jobGone'
  | 'crossSite'
  | 'notAllowed'
  | 'badForm'
  | 'badParameter'
  | 'unavailable'
  | 'failed'

/** Why there is no answer, and what to do. It tells nothing of the app: whoever is refused may read it too. */
export const problem = (visit: Visit, status: number, what: Problem, detail?: Detail): Response =>
  respondHtml(problemPage(visit, what, detail), status)

/** What a parameter should have been. */
interface Detail {
  readonly name: string
  readonly expected: string
}

function problemPage(visit: Visit, problem: Problem, detail: Detail = { name: '', expected: '' }): Html {
  const { locale, urls } = visit
  const text = problem === 'badParameter' ? locale.t('problem_badParameter', detail) : locale.t(`problem_${problem}`)
  return frame(visit, {
    title: locale.t(`problemTitle_${problem}`),
    body: html`<p>${text}</p>
<p><a href="${urls.to('/')}">${locale.t('toOverview')}</a></p>`,
  })
}

const OPENING = `import { basicAuth, dashboard } from 'quayside/dashboard'

dashboard(app, {
  authorize: basicAuth({ admin: process.env.DASHBOARD_PASSWORD }),
})`

/** Nobody said who may come in, and this request is not surely from this machine: how to open the dashboard. */
export function closedPage(visit: Visit): Response {
  const { locale } = visit
  const page = frame(visit, {
    title: locale.t('closedTitle'),
    body: html`<p>${locale.t('closedWhy')}</p>
<p>${locale.rich('closedHow', { authorize: html`<code>authorize</code>` })}</p>
<pre><code>${OPENING}</code></pre>
<p>${locale.rich('closedLoopback', { remoteAddress: html`<code>remoteAddress</code>` })}</p>`,
  })
  return respondHtml(page, 403)
}
