import type { Server } from 'node:net'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono, type MiddlewareHandler } from 'hono'
import { expect, test } from 'vitest'
import { BASE, type Mount, mounted, mountTests } from './mounted.ts'

const behind =
  (...middleware: MiddlewareHandler[]): Mount =>
  (dashboard) => {
    const server = new Hono()
    server.use(...middleware)
    server.all(`${BASE}/*`, (c) => dashboard(c.req.raw, { remoteAddress: getConnInfo(c).remote.address }))
    server.get('/ours', (c) => c.text('ours'))
    return serve({ fetch: server.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  }

mountTests(
  'Hono',
  behind((_, next) => next()),
)

test('a form that was read before is told, not taken for an empty one', async () => {
  const { app, post, lines } = await mounted(
    behind(async (c, next) => {
      if (c.req.method === 'POST') await c.req.parseBody()
      await next()
    }),
  )
  const answer = await post('/queues/x/pause', [['more', 'x']])
  expect(answer.status).toBe(500)
  expect(lines.map(([, { error }]) => String(error))).toEqual([expect.stringContaining('request.clone()')])
  expect(await app.queue('x').isPaused()).toBe(false)
})
