import { join } from 'node:path'
import { build } from 'vite'
import manifest from '../../../package.json' with { type: 'json' }
import { bundled } from '../../../scripts/bundled.mjs'

const root = join(import.meta.dirname, '../../..')

/** The sources, by the names that users import. */
const alias = Object.entries(manifest.exports).flatMap(([name, target]) => {
  if (typeof target === 'string') return []
  const source = target.default.replace('./dist/', '').replace(/\.js$/, '.ts')
  return [{ find: new RegExp(`^${manifest.name + name.slice(1)}$`), replacement: join(root, source) }]
})

/** What users write, as one script for a browser. */
export async function bundle(code: string): Promise<string> {
  const entry = join(root, 'what-users-write.js')
  const written = {
    name: 'entry',
    resolveId: (_: string, importer?: string) => (importer === undefined ? entry : undefined),
    load: (id: string) => (id === entry ? code : undefined),
  }
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [written, bundled()],
    resolve: { alias },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      // A service worker can import nothing later: periodic jobs, say.
      rolldownOptions: { input: 'entry', output: { codeSplitting: false } },
    },
  })
  if (!('output' in result)) throw new Error('Vite did not answer with one bundle')
  return result.output.map((file) => (file.type === 'chunk' ? file.code : '')).join('')
}
