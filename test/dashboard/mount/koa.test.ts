import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { toNodeHandler } from '../../../src/dashboard/node.ts'
import { BASE, type Mount, mounted, mountTests } from './mounted.ts'

const behind =
  (...middleware: Koa.Middleware[]): Mount =>
  (dashboard) => {
    const handler = toNodeHandler(dashboard)
    const server = new Koa({ proxy: true })
    server.silent = true
    for (const each of middleware) server.use(each)
    server.use((context, next) => {
      if (!context.path.startsWith(BASE)) return next()
      context.respond = false
      return handler(context.req, context.res)
    })
    server.use((context) => {
      context.body = 'ours'
    })
    return server.listen(0, '127.0.0.1')
  }

mountTests('Koa', behind())
mountTests('Koa, behind a body parser', behind(bodyParser({ patchNode: true })))

test('a form that a parser keeps to itself is told, not taken for an empty one', async () => {
  const { app, post } = await mounted(behind(bodyParser()))
  const answer = await post('/queues/x/pause', [['more', 'x']])
  expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('Mount the dashboard before')])
  expect(await app.queue('x').isPaused()).toBe(false)
  expect((await post('/queues/x/pause')).status).toBe(303)
})
