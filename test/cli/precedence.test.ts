import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dist } from '../../scripts/ready/dist.mjs'
import { quayside } from './quayside.ts'

const cwd = mkdtempSync(join(tmpdir(), 'quayside-cli-'))
beforeAll(async () => {
  await dist()
  writeFileSync(join(cwd, 'quayside.yml'), 'concurrency: 1\ntag: file\nproduction:\n  concurrency: 2\n')
  writeFileSync(join(cwd, 'other.yml'), 'concurrency: 9\n')
})
afterAll(() => rmSync(cwd, { recursive: true }))

async function printed(args: string[], env: Record<string, string> = {}) {
  const { stdout, stderr, exit } = await quayside(['work', '--print-config', '--json', ...args], { cwd, env })
  expect(stderr).toBe('')
  expect(exit).toBe(0)
  return JSON.parse(stdout)
}

const file = 'quayside.yml'
const section = 'quayside.yml (production)'

describe('flag over variable over section of the file over file over default', () => {
  test.each([
    ['timeout', [], {}, '25s', 'default'],
    ['concurrency', [], {}, 1, file],
    ['concurrency', ['-e', 'production'], {}, 2, section],
    ['tag', ['-e', 'production'], {}, 'file', file],
    ['concurrency', ['-e', 'production'], { QUAYSIDE_CONCURRENCY: '3' }, 3, 'QUAYSIDE_CONCURRENCY'],
    ['concurrency', ['-e', 'production', '-c', '4'], { QUAYSIDE_CONCURRENCY: '3' }, 4, '--concurrency'],
    ['concurrency', [], { QUAYSIDE_CONCURRENCY: '' }, 1, file],
    ['concurrency', [], { NODE_ENV: 'production' }, 2, section],
    ['concurrency', [], { NODE_ENV: 'production', QUAYSIDE_ENV: 'test' }, 1, file],
    ['concurrency', ['-C', 'other.yml'], {}, 9, 'other.yml'],
    ['concurrency', [], { QUAYSIDE_CONFIG: 'other.yml' }, 9, 'other.yml'],
    ['environment', [], {}, 'development', 'default'],
    ['environment', [], { NODE_ENV: 'test' }, 'test', 'NODE_ENV'],
    ['environment', [], { NODE_ENV: 'test', QUAYSIDE_ENV: 'qa' }, 'qa', 'QUAYSIDE_ENV'],
    ['environment', ['-e', 'live'], { QUAYSIDE_ENV: 'qa' }, 'live', '--environment'],
    ['queues', [], { QUAYSIDE_QUEUES: 'critical,2 default' }, { critical: 2, default: 1 }, 'QUAYSIDE_QUEUES'],
    ['queues', ['-q', 'a', '-q', 'b'], { QUAYSIDE_QUEUES: 'c' }, ['a', 'b'], '--queue'],
    ['timeout', ['-t', '8'], {}, '8s', '--timeout'],
    ['timeout', [], { QUAYSIDE_TIMEOUT: '2m' }, '2m', 'QUAYSIDE_TIMEOUT'],
    ['require', ['-r', 'jobs.js'], { QUAYSIDE_REQUIRE: 'other.js' }, join(cwd, 'jobs.js'), '--require'],
    ['redisUrl', [], { REDIS_URL: 'redis://:secret@a:1/2' }, 'redis://***@a:1/2', 'REDIS_URL'],
    ['redisUrl', ['--redis', 'rediss://b'], { REDIS_URL: 'redis://a' }, 'rediss://b', '--redis'],
  ])('%s, with %j and %j, is %j from %s', async (name, args, env, value, from) => {
    expect((await printed(args, env))[name]).toEqual({ value, from })
  })
})

test('--print-config is a table for people', async () => {
  const { stdout } = await quayside(['--print-config', '-e', 'production'], { cwd })
  expect(stdout).toBe(`setting      value       from
environment  production  --environment
concurrency  2           quayside.yml (production)
timeout      25s         default
tag          file        quayside.yml

file: quayside.yml
`)
})
