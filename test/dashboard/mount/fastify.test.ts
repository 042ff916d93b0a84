import formBody from '@fastify/formbody'
import fastify, { type FastifyInstance } from 'fastify'
import { toNodeHandler } from '../../../src/dashboard/node.ts'
import { BASE, type Mount, mountTests } from './mounted.ts'

const behind =
  (prepare: (server: FastifyInstance) => unknown): Mount =>
  async (dashboard) => {
    const handler = toNodeHandler(dashboard)
    const server = fastify({ trustProxy: true })
    await prepare(server)
    // Before Fastify reads the body: it refuses forms that it knows no parser for.
    server.all(`${BASE}*`, { onRequest: async (request, reply) => handler(request.raw, reply.hijack().raw) }, () => {})
    server.get('/ours', () => 'ours')
    await server.listen({ port: 0, host: '127.0.0.1' })
    return server.server
  }

mountTests(
  'Fastify',
  behind(() => {}),
)
mountTests(
  'Fastify, with a parser of forms',
  behind((server) => server.register(formBody)),
)
