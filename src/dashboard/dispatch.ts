import { StorageUnavailableError } from '../errors.ts'
import { report } from '../report.ts'
import { type Visitor, visitorOf } from './access.ts'
import { tellAudit } from './audit.ts'
import type { Desk } from './desk.ts'
import { readForm } from './form.ts'
import { layout } from './layout.ts'
import { type Caller, isLoopback } from './loopback.ts'
import { closedPage, problem } from './pages/problem.ts'
import { readParameters } from './parameters.ts'
import { preferencesOf } from './preferences.ts'
import { redirect, respond, respondHtml } from './respond.ts'
import { type Done, matchPath, type Page, type Route } from './route.ts'
import { routes } from './routes.ts'
import { isSameOrigin } from './same-origin.ts'
import { pathBelow, urlsBelow } from './urls.ts'
import type { Visit } from './visit.ts'

/** Nobody yet: what is answered before we know who asks may not depend on who it is. */
const NOBODY: Visitor = { user: undefined, may: new Set() }

/** Every request goes through here, and every check is made here: no page or action has one of its own. */
export async function dispatch(desk: Desk, request: Request, caller: Caller): Promise<Response> {
  const visit = visitOf(desk, request, caller)
  const answer = await answerOf(desk, request, visit).catch((error) => failure(desk, visit, error))
  return request.method === 'HEAD' ? new Response(null, answer) : answer
}

async function answerOf(desk: Desk, request: Request, visit: Visit): Promise<Response> {
  const { path } = visit.here
  const matches = routes.flatMap((route) => {
    const parts = matchPath(route.path, path)
    return parts ? [{ route, parts }] : []
  })
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const match = matches.find(({ route }) => route.method === method)
  if (match?.route.may === 'anyone') return perform(desk, request, visit, match.route, match.parts)

  const visitor = await admit(desk, request, visit.caller)
  if (visitor instanceof Response) return visitor
  if (!visitor) return desk.settings.authorize ? problem(visit, 403, 'refused') : closedPage(visit)
  const known = { ...visit, visitor }
  if (matches.length === 0) return problem(known, 404, 'notFound')
  if (!match)
    return methodRefused(
      known,
      matches.map(({ route }) => route.method),
    )
  const { route } = match
  if (route.method !== 'GET' && !isSameOrigin(request, desk.settings.origins)) return problem(known, 403, 'crossSite')
  if (route.may !== 'look' && !visitor.may.has(route.may as never)) return problem(known, 403, 'notAllowed')
  return perform(desk, request, known, route, match.parts)
}

/** Who asks: a Response where `authorize` answered one itself, undefined for somebody who may not even look. */
async function admit({ settings }: Desk, request: Request, caller: Caller): Promise<Visitor | Response | undefined> {
  if (!settings.authorize) return isLoopback(request, caller) ? visitorOf('all', settings.readOnly) : undefined
  const answer = await settings.authorize(request)
  return answer instanceof Response ? answer : visitorOf(answer, settings.readOnly)
}

async function perform(
  desk: Desk,
  request: Request,
  visit: Visit,
  route: Route,
  parts: Readonly<Record<string, string>>,
): Promise<Response> {
  const came = route.method === 'GET' ? visit.here.parameters : await readForm(request)
  if (came === undefined) return problem(visit, 413, 'badForm')
  const all = { getAll: (name: string) => (Object.hasOwn(parts, name) ? [parts[name]] : came.getAll(name)) }
  const read = readParameters(route.takes, all)
  if ('wrong' in read) {
    const { wrong } = read
    // A path that leads nowhere is no mistake in a form.
    if (Object.hasOwn(parts, wrong)) return problem(visit, 404, 'notFound')
    return problem(visit, 400, 'badParameter', { name: wrong, expected: route.takes[wrong]?.expected ?? '' })
  }
  const answer = await route.answer(visit, read.given)
  if (answer instanceof Response) return answer
  return 'done' in answer ? finish(desk, visit, answer) : show(visit, answer)
}

/** The page that follows tells what was done: its words are ours, its address only names them. */
async function finish(desk: Desk, visit: Visit, done: Done): Promise<Response> {
  await tellAudit(desk.context, visit, done)
  const [path, query] = done.goTo.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('done', done.done)
  parameters.set('count', String(done.count))
  return redirect(`${path}?${parameters}`)
}

async function show(visit: Visit, page: Page): Promise<Response> {
  return respondHtml(await layout(visit, page), page.status ?? 200)
}

function methodRefused(visit: Visit, allowed: readonly string[]): Response {
  const allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
  return respond(visit.locale.t('problem_method'), 405, 'text/plain; charset=utf-8', { allow })
}

function failure({ context }: Desk, visit: Visit, error: unknown): Response {
  if (error instanceof StorageUnavailableError) return problem(visit, 503, 'unavailable')
  report(context, error, `the dashboard could not answer ${visit.here.path}`)
  return problem(visit, 500, 'failed')
}

function visitOf({ app, context, settings, bulks, cursors }: Desk, request: Request, caller: Caller): Visit {
  const url = new URL(request.url)
  const { locale, theme, sticky } = preferencesOf(request, url.searchParams, settings.language)
  const here = { path: pathBelow(settings.basePath, url.pathname), parameters: url.searchParams }
  const urls = urlsBelow(settings.basePath, sticky)
  return { app, bulks, cursors, clock: context.clock, settings, visitor: NOBODY, caller, urls, locale, theme, here }
}
