import express, { type Express } from 'express'
import { describe, expect, test } from 'vitest'
import { toNodeHandler } from '../../../src/dashboard/node.ts'
import { BASE, type Mount, mounted, mountTests } from './mounted.ts'

/** Mounted in an Express that has something in front: the parsers of bodies that most have. */
const behind =
  (prepare: (server: Express) => void): Mount =>
  (dashboard) => {
    const server = express()
    prepare(server)
    server.use(BASE, toNodeHandler(dashboard))
    server.get('/ours', (_, response) => void response.send('ours'))
    // What a parser refuses ends here; Express would print it.
    const refused: express.ErrorRequestHandler = (error, _request, response, _next) => {
      response.status(error.status ?? 500).end()
    }
    server.use(refused)
    return server.listen(0, '127.0.0.1')
  }

mountTests(
  'Express',
  behind(() => {}),
)
mountTests(
  'Express, behind express.json and express.urlencoded',
  behind((server) => server.use(express.json(), express.urlencoded({ extended: true }))),
)

describe('what Express has read', () => {
  const parsers = {
    'urlencoded, simple': express.urlencoded({ extended: false }),
    'urlencoded, extended': express.urlencoded({ extended: true }),
    text: express.text({ type: '*/*' }),
    raw: express.raw({ type: '*/*' }),
  }
  test.for(Object.entries(parsers))('reaches the dashboard: %s', async ([, parser]) => {
    const { app, push, post } = await mounted(behind((server) => server.use(parser)))
    await push(1)
    const [job] = (await app.queue('cargo').page()).jobs
    // A text that would be another one if it were decoded twice, or not at all.
    const args = '["a%20b+c&d=é"]'
    await post('/queues/cargo/copy', [
      ['jid', job?.jid ?? ''],
      ['args', args],
    ])
    const { jobs } = await app.queue('cargo').page()
    expect(jobs.map((each) => each.args)).toEqual([[1], JSON.parse(args)])
  })
})

test('a router within a router knows its whole path, and trust proxy opens nothing', async () => {
  const { origin } = await mounted(
    (dashboard) => {
      const [outer, inner] = [express(), express.Router()]
      outer.set('trust proxy', true)
      inner.use('/jobs', toNodeHandler(dashboard))
      outer.use('/admin', inner)
      return outer.listen(0, '127.0.0.1')
    },
    { basePath: '/admin/jobs' },
  )
  const page = await fetch(`${origin}/admin/jobs/queues`)
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('href="/admin/jobs/queues"')])
  const headers = { 'x-forwarded-for': '127.0.0.1' }
  expect((await fetch(`${origin}/admin/jobs/queues`, { headers })).status).toBe(403)
})
