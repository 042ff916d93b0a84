import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RedisOptions } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { selfSigned } from './certificate.ts'
import { clientsOf, connected } from './connected.ts'
import { freePort, RedisServer } from './redis-server.ts'
import { failing, until } from './until.ts'

const { cert, key } = selfSigned()
const folder = mkdtempSync(join(tmpdir(), 'quayside-tls-'))
let server: RedisServer
let tlsPort: number

beforeAll(async () => {
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
  tlsPort = await freePort()
  const certificate = ['--tls-cert-file', files.cert, '--tls-key-file', files.key, '--tls-auth-clients', 'no']
  server = await RedisServer.start('--tls-port', String(tlsPort), ...certificate)
})
afterAll(async () => {
  await server.destroy()
  rmSync(folder, { recursive: true })
})

/** What the first call says that cannot be made. */
async function told(url: string, redis: RedisOptions = {}): Promise<string> {
  const { link, close } = connected({ url, redis, timeout: '2s' })
  const error = await failing(link.command('PING'))
  await close()
  expect(error).toMatchObject({ name: 'StorageUnavailableError', outcome: 'none' })
  return error.message
}

test('both connections are encrypted', async () => {
  const { link, waking, close } = connected({ url: `rediss://127.0.0.1:${tlsPort}`, redis: { tls: { ca: cert } } })
  const wakes: string[] = []
  waking.subscribe((wake) => wakes.push(wake))
  await until('Redis tells of changes', () => wakes.length === 4)
  const clients = clientsOf(await link.command('CLIENT', 'LIST'))
  expect(clients.map(({ name }) => name).sort()).toEqual(['quayside:commands', 'quayside:listener'])
  expect(clients.map(({ laddr }) => laddr)).toEqual([`127.0.0.1:${tlsPort}`, `127.0.0.1:${tlsPort}`])
  await close()
})

test('a certificate that nobody vouches for is told of at once', async () => {
  const began = performance.now()
  expect(await told(`rediss://127.0.0.1:${tlsPort}`)).toMatch('its certificate is not accepted')
  expect(performance.now() - began).toBeLessThan(1_500)
})

test('so is one of another host', async () => {
  const message = await told(`rediss://localhost:${tlsPort}`, { tls: { ca: cert }, family: 4 })
  expect(message).toMatch('its certificate is not accepted (ERR_TLS_CERT_ALTNAME_INVALID)')
})

test('TLS to a port without it, and the other way round, say which is which', async () => {
  const late = { tls: { ca: cert }, connectTimeout: 300 }
  expect(await told(`rediss://127.0.0.1:${server.port}`, late)).toMatch('speaks no TLS')
  expect(await told(`redis://127.0.0.1:${tlsPort}`)).toMatch('rediss://')
})
