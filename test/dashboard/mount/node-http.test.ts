import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { toNodeHandler } from '../../../src/dashboard/node.ts'
import { rest, until } from '../../engine/support/time.ts'
import { BASE, type Mount, mounted, mountTests } from './mounted.ts'

const mount: Mount = (dashboard) => {
  const handler = toNodeHandler(dashboard)
  return createServer((request, response) => {
    if (request.url?.startsWith(BASE)) return handler(request, response)
    response.end('ours')
  }).listen(0, '127.0.0.1')
}

mountTests('node:http', mount)

test('a proxy that tells nobody of itself but speaks HTTP/1.0 opens nothing', async () => {
  const { origin } = await mounted(mount)
  const ask = async (version: string) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    socket.end(`GET ${BASE} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    return (await text(socket)).split(' ')[1]
  }
  expect(await ask('1.1')).toBe('200')
  expect(await ask('1.0')).toBe('403')
})

test('a body that nobody asks for is not read', async () => {
  let incoming: IncomingMessage | undefined
  let isRead: boolean | undefined
  const authorize = async () => {
    await until(() => incoming?.complete ?? false)
    await rest()
    isRead = incoming?.readableEnded
    return false as const
  }
  const { server, post } = await mounted(mount, { authorize })
  server.prependOnceListener('request', (request) => {
    incoming = request
  })
  expect((await post('/queues/x/pause', [['more', 'x'.repeat(5_000)]])).status).toBe(403)
  expect(isRead).toBe(false)
})
