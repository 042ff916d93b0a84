import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Configuration, readConfiguration } from '../../../src/cli/config/configuration.ts'

const root = mkdtempSync(join(tmpdir(), 'quayside-config-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0

/** The configuration of a folder with one file. */
async function reading(name: string, text: string, environment?: string): Promise<Configuration & { cwd: string }> {
  const cwd = join(root, String(++folders))
  const path = join(cwd, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return { cwd, ...(await readConfiguration({ options: { environment }, env: {}, cwd })) }
}

const SIDEKIQ = `# Sample configuration file for Sidekiq.
---
:concurrency: 5
:timeout: 10
:max_retries: 3
:verbose: false
:pidfile: tmp/pids/sidekiq.pid
:require: ./config/environment.rb
:queues:
  - [critical, 2]
  - default
  - [<%= ENV['NONE'] || 'low' %>, 1]
:capsules:
  :single:
    :concurrency: 1
    :queues:
      - exports
:redis:
  :url: redis://localhost:6379/5
  :size: 12
  :network_timeout: 3
staging:
  :concurrency: 10
:production:
  :concurrency: 20
  :redis:
    :url: redis://cache:6379/0
`

describe("Sidekiq's own file", () => {
  test('is read as it is', async () => {
    const { settings, environment, file, notes } = await reading('config/sidekiq.yml', SIDEKIQ)
    expect({ environment, file }).toEqual({ environment: 'development', file: 'config/sidekiq.yml' })
    expect(settings).toEqual({
      environment: 'development',
      concurrency: 5,
      timeout: '10s',
      verbose: false,
      queues: { critical: 2, default: 1, low: 1 },
      capsules: { single: { queues: ['exports'], concurrency: 1 } },
      redisUrl: 'redis://localhost:6379/5',
      redisTimeout: '3s',
    })
    expect(notes.map(({ text }) => text)).toEqual([
      'config/sidekiq.yml:5: max_retries has no use here: say new Quayside({ defaults: { retry } })',
      'config/sidekiq.yml:7: pidfile has no use here: let systemd or the container keep the process',
      'config/sidekiq.yml:8: require has no use here: it leads to Ruby code; say -r FILE',
      'config/sidekiq.yml:20: size has no use here: a worker has three connections at most, whatever its concurrency',
    ])
  })

  test.each([
    ['production', 20, 'redis://cache:6379/0', 'config/sidekiq.yml (production)'],
    ['staging', 10, 'redis://localhost:6379/5', 'config/sidekiq.yml (staging)'],
    ['test', 5, 'redis://localhost:6379/5', 'config/sidekiq.yml'],
  ])('has a section for %s', async (name, concurrency, redisUrl, source) => {
    const { settings, from } = await reading('config/sidekiq.yml', SIDEKIQ, name)
    expect(settings).toMatchObject({ concurrency, redisUrl })
    expect(from.concurrency).toBe(source)
  })

  test('may share settings by merging', async () => {
    const { settings } = await reading(
      'config/sidekiq.yml',
      'a: &base\n  timeout: 7\nproduction:\n  <<: *base\n',
      'production',
    )
    expect(settings.timeout).toBe('7s')
  })
})

describe('our own file', () => {
  test('is typed by defineConfig, and has environments', async () => {
    const text = `export default {
      require: './src/jobs.js', queues: ['critical', ['default', 2]], timeout: '2m', redis: 'redis://a:1/0',
      environments: { production: { concurrency: 50, tag: 'live', redis: { url: 'redis://b:2', networkTimeout: '9s' } } },
    }`
    const { settings, cwd } = await reading('quayside.config.mjs', text, 'production')
    expect(settings).toEqual({
      environment: 'production',
      require: join(cwd, 'src/jobs.js'),
      queues: { critical: 1, default: 2 },
      timeout: '2m',
      concurrency: 50,
      tag: 'live',
      redisUrl: 'redis://b:2',
      redisTimeout: '9s',
    })
  })

  test('may be JSON, and name its environment', async () => {
    const text = '{ "environment": "qa", "environments": { "qa": { "concurrency": 2 } } }'
    const { settings } = await reading('quayside.config.json', text)
    expect(settings).toMatchObject({ environment: 'qa', concurrency: 2 })
  })

  test('hands periodic jobs over as they stand', async () => {
    const cron = { cleanup: { cron: '0 3 * * *', job: 'Cleanup', args: ['full'], timezone: 'Europe/Berlin' } }
    const { settings } = await reading('quayside.config.json', JSON.stringify({ cron }))
    expect(settings.cron).toEqual(cron)
  })

  test('may be empty', async () => {
    expect((await reading('quayside.yml', '')).settings).toMatchObject({ concurrency: 10, timeout: '25s' })
  })
})

describe('what cannot be right is refused, with its line', () => {
  test.each([
    ['concurency: 5', 'quayside.yml:1: concurency is no setting; did you mean "concurrency"?'],
    ['timeout: 3\nproductoin:\n  concurrency: 5', 'quayside.yml:2: productoin is no setting; there are require'],
    ['production:\n  concurency: 5', 'quayside.yml:2: concurency is no setting; did you mean "concurrency"?'],
    ['redis:\n  ulr: redis://x', 'quayside.yml:2: ulr is no setting; did you mean "url"?'],
    ['\nconcurrency: many', 'quayside.yml:2: concurrency must be a whole number from 1 to 10000; got "many" (string)'],
    ['timeout: soon', 'quayside.yml:1: timeout must be seconds, or a duration such as \'25s\'; got "soon" (string)'],
    ['queues: critical', 'quayside.yml:1: queues must be a list such as'],
    ['capsules:\n  a:\n    queue: b', 'quayside.yml:1: capsules.a has no setting "queue"; did you mean "queues"?'],
    ['capsules:\n  a:\n    concurrency: 1', 'quayside.yml:1: capsules.a.queues is missing'],
    ['cron:\n  a:\n    cron: "* * * * *"', 'quayside.yml:1: cron.a.job is missing'],
    ['cron:\n  a:\n    cronn: "* * * * *"', 'quayside.yml:1: cron.a has no setting "cronn"; did you mean "cron"?'],
    ['environments:\n  production: 5', 'quayside.yml:2: production must have settings by name'],
    ['redis:\n  url: 5', 'quayside.yml:2: url must be a url such as redis://127.0.0.1:6379/0; got "(not shown)"'],
    ['a: [', 'quayside.yml cannot be read: '],
    ['- a', 'quayside.yml must have settings by their names'],
    ['concurrency: 1\nconcurrency: 2', 'quayside.yml cannot be read: Map keys must be unique at line 2'],
  ])('%j', async (text, why) => {
    await expect(reading('quayside.yml', text)).rejects.toThrow(why)
  })

  test('also in a module', async () => {
    const text = 'export default {\n  queues: ["a"],\n  concurency: 5,\n}'
    await expect(reading('quayside.config.mjs', text)).rejects.toThrow(
      'quayside.config.mjs:3: concurency is no setting',
    )
  })

  test('a module without settings', async () => {
    await expect(reading('quayside.config.mjs', 'export const a = 1')).rejects.toThrow(
      'must export its settings by default',
    )
  })
})
