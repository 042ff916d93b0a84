import { type Html, html } from '../html.ts'
import { frame } from '../layout.ts'
import type { Visit } from '../visit.ts'

type Problem =
  | 'refused'
  | 'notFound'
  | 'crossSite'
  | 'notAllowed'
  | 'badForm'
  | 'badParameter'
  | 'unavailable'
  | 'failed'

/** Why there is no answer, and what to do. It tells nothing of the app: whoever is refused may read it too. */
export function problemPage(visit: Visit, problem: Problem, detail = { name: '', expected: '' }): Html {
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
export function closedPage(visit: Visit): Html {
  const { locale } = visit
  return frame(visit, {
    title: locale.t('closedTitle'),
    body: html`<p>${locale.t('closedWhy')}</p>
<p>${locale.rich('closedHow', { authorize: html`<code>authorize</code>` })}</p>
<pre><code>${OPENING}</code></pre>
<p>${locale.rich('closedLoopback', { remoteAddress: html`<code>remoteAddress</code>` })}</p>`,
  })
}
