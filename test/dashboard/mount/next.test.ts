// A route handler of Next is a function from Request to Response, which Next calls with a second argument of its own.
// That is all of Next here: starting it takes longer than all other tests of the dashboard together.

import { expect, test } from 'vitest'
import { dashboard } from '../../../src/dashboard/index.ts'
import { pier } from '../../engine/support/pier.ts'

/** What Next's own check of types demands of what `app/quayside/[[...path]]/route.ts` exports. */
type RouteHandler = (request: Request, context: { params: Promise<{ path?: string[] }> }) => Promise<Response>

function routes() {
  const { app } = pier()
  const answer = dashboard(app, { basePath: '/quayside', authorize: () => 'all' })
  const GET: RouteHandler = (request) => answer(request)
  return { app, GET, POST: GET }
}

const context = (...path: string[]) => ({ params: Promise.resolve({ path }) })

test('a route handler shows pages and takes forms', async () => {
  const { app, GET, POST } = routes()
  const page = await GET(new Request('http://localhost:3000/quayside/queues'), context('queues'))
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('href="/quayside/queues"')])

  const form = { method: 'POST', headers: { origin: 'http://localhost:3000' }, body: new URLSearchParams() }
  const answer = await POST(new Request('http://localhost:3000/quayside/queues/x/pause', form), context('queues', 'x'))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringMatching('^/quayside/queues')])
  expect(await app.queue('x').isPaused()).toBe(true)
})

test('Next tells no address, so without authorize nobody is let in', async () => {
  const { app } = pier()
  const GET: RouteHandler = (request) => dashboard(app)(request)
  expect((await GET(new Request('http://localhost:3000/'), context())).status).toBe(403)
})
