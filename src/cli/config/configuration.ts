import { resolve as resolvePath } from 'node:path'
import { environmentOf, type FileLayers, fileLayers, type Note } from './file-layers.ts'
import { DEFAULT_ENVIRONMENT, DEFAULTS, flagLayer, type Resolved, resolve, variableLayer } from './layers.ts'
import { findFile, readFile } from './read-file.ts'

export interface Configuration extends Resolved {
  readonly environment: string
  /** The file that was read, as a person would call it. */
  readonly file: string | undefined
  /** What the file says that has no use here. */
  readonly notes: readonly Note[]
}

export interface Sources {
  readonly options: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** Gathers the settings: flag over variable over section of the file over file over default. Throws UsageError. */
export async function readConfiguration({ options, env, cwd }: Sources): Promise<Configuration> {
  const given = [flagLayer(options), variableLayer(env)]
  const path = findFile((options.config as string | undefined) ?? (env.QUAYSIDE_CONFIG || undefined), cwd)
  const file = path === undefined ? undefined : await readFile(path, cwd, env)
  const environment = resolve(given).settings.environment ?? (file && environmentOf(file)) ?? DEFAULT_ENVIRONMENT
  const { layers, notes }: FileLayers = file ? fileLayers(file, environment) : { layers: [], notes: [] }
  const { settings, from } = resolve([...given, ...layers, DEFAULTS])
  const { require } = settings
  return {
    // What a file requires is found from its folder already.
    settings: require === undefined ? settings : { ...settings, require: resolvePath(cwd, require) },
    from,
    environment,
    file: file?.name,
    notes,
  }
}
