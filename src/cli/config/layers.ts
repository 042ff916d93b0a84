import { READERS, type Settings } from './settings.ts'

/** What one source says. */
export interface Layer {
  readonly values: Partial<Settings>
  /** What the source of a setting is called: `-c`, `QUAYSIDE_CONCURRENCY`, `quayside.yml (production)`. */
  from(name: keyof Settings): string
}

/** The settings that hold, and where each comes from. */
export interface Resolved {
  readonly settings: Partial<Settings>
  readonly from: Readonly<Partial<Record<keyof Settings, string>>>
}

type Names = Readonly<Partial<Record<keyof Settings, string>>>

/** Options of the command line, by the setting that they make. */
const FLAGS: Names = {
  require: 'require',
  environment: 'environment',
  queues: 'queue',
  concurrency: 'concurrency',
  timeout: 'timeout',
  tag: 'tag',
  verbose: 'verbose',
  health: 'health',
  redisUrl: 'redis',
  redisPrefix: 'prefix',
  namespace: 'namespace',
}

const VARIABLES: Names = {
  require: 'QUAYSIDE_REQUIRE',
  environment: 'QUAYSIDE_ENV',
  queues: 'QUAYSIDE_QUEUES',
  concurrency: 'QUAYSIDE_CONCURRENCY',
  timeout: 'QUAYSIDE_TIMEOUT',
  tag: 'QUAYSIDE_TAG',
  verbose: 'QUAYSIDE_VERBOSE',
  health: 'QUAYSIDE_HEALTH',
  redisUrl: 'REDIS_URL',
}

export const DEFAULT_ENVIRONMENT = 'development'

export const DEFAULTS: Layer = {
  from: () => 'default',
  values: { environment: DEFAULT_ENVIRONMENT, concurrency: 10, timeout: '25s' },
}

export function flagLayer(options: Readonly<Record<string, unknown>>): Layer {
  return layer(FLAGS, '--', (name) => options[name])
}

export function variableLayer(env: Readonly<Record<string, string | undefined>>): Layer {
  const ours = layer(VARIABLES, '', (name) => {
    // A variable that is empty is one that nobody set: shells and compose files make such.
    const value = env[name] || undefined
    return name === VARIABLES.queues ? value?.trim().split(/\s+/) : value
  })
  if (ours.values.environment !== undefined || !env.NODE_ENV) return ours
  return {
    values: { ...ours.values, environment: env.NODE_ENV },
    from: (name) => (name === 'environment' ? 'NODE_ENV' : ours.from(name)),
  }
}

/** The first layer that says something of a setting decides. */
export function resolve(layers: readonly Layer[]): Resolved {
  const settings: Partial<Settings> = {}
  const from: Record<string, string> = {}
  for (const { values, from: source } of layers.toReversed()) {
    for (const name of Object.keys(values) as (keyof Settings)[]) {
      Object.assign(settings, { [name]: values[name] })
      from[name] = source(name)
    }
  }
  return { settings, from }
}

function layer(names: Names, prefix: string, given: (name: string) => unknown): Layer {
  const from = (setting: keyof Settings) => `${prefix}${names[setting]}`
  const values: Record<string, unknown> = {}
  for (const setting of Object.keys(names) as (keyof Settings)[]) {
    const value = given(names[setting] as string)
    if (value !== undefined) values[setting] = READERS[setting](value, from(setting))
  }
  return { from, values }
}
