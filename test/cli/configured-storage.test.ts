import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { Harbour } from './harbour.ts'
import { jobFile, project } from './project.ts'

const harbour = new Harbour()

/** A program that only enqueues, as a web server does. */
const WEB = `
  import { app, Hello } from './jobs.mjs'
  console.log((await Hello.performAsync('you').catch((error) => error.message)), app.place)
  await app.close()`

async function web(cwd: string, env: Record<string, string> = {}): Promise<string> {
  const { PATH } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['web.mjs'], { cwd, env: { PATH, ...env } })
  return stdout.trim()
}

test('a program beside the worker enqueues where the worker looks: by the variable', async () => {
  const cwd = project({ 'jobs.mjs': jobFile(), 'web.mjs': WEB })
  expect(await web(cwd, { REDIS_URL: harbour.server.url })).toMatch(new RegExp(`^[0-9a-f]{24} ${harbour.server.url}$`))
  const worker = harbour.start(['-r', 'jobs.mjs'], { cwd })
  await worker.says('hello you')
})

test('and by the file, with its prefix', async () => {
  const redis = { url: harbour.server.url, prefix: 'shop:' }
  const cwd = project({ 'jobs.mjs': jobFile(), 'web.mjs': WEB, 'quayside.config.json': JSON.stringify({ redis }) })
  await web(cwd)
  expect(await harbour.app.queue('default').size()).toBe(0)
  const worker = harbour.start(['-r', 'jobs.mjs'], { cwd, env: { REDIS_URL: '' } })
  await worker.says('hello you')
})

test('without Redis it is memory, but in production an error', async () => {
  const cwd = project({ 'jobs.mjs': jobFile(), 'web.mjs': WEB })
  expect(await web(cwd)).toMatch(/^[0-9a-f]{24} memory$/)
  expect(await web(cwd, { NODE_ENV: 'production' })).toContain('No Redis is configured, and in production memory')
})
