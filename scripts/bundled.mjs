// import text from './main.ts?bundled': a script or a style sheet, with all that it imports, as a string.
// The dashboard sends them to browsers, also from where there are no files: a service worker.

import { dirname, join } from 'node:path'
import { build } from 'vite'

const QUERY = '?bundled'

/**
 * For the build of dist and for the tests alike, so that neither needs a file that was made before.
 * @returns {import('vite').Plugin}
 */
export function bundled() {
  return {
    name: 'bundled',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith(QUERY) || importer === undefined) return undefined
      // An ending of its own keeps other plugins from reading it as a style sheet; dist has a file of this name.
      return `${join(dirname(importer), source.slice(0, -QUERY.length))}.bundled.js`
    },
    async load(id) {
      if (!id.endsWith('.bundled.js')) return undefined
      const { text, files } = await bundle(id.slice(0, -'.bundled.js'.length))
      for (const file of files) this.addWatchFile(file)
      return `export default ${JSON.stringify(text)}`
    },
  }
}

/** @param {string} entry */
async function bundle(entry) {
  /** @type {string[]} */
  const files = []
  const result = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [{ name: 'files', load: (id) => void files.push(id) }],
    build: {
      write: false,
      target: 'es2022',
      // What knows light-dark() and container queries: rewritten for older ones, the sheet would be twice as long.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      modulePreload: false,
      rolldownOptions: { input: entry },
    },
  })
  if (!('output' in result)) throw new Error('Vite did not answer with one bundle')
  const wanted = entry.endsWith('.css') ? '.css' : '.js'
  const found = result.output.find(({ fileName }) => fileName.endsWith(wanted))
  if (!found) throw new Error(`There is nothing in ${entry}`)
  return { text: String(found.type === 'chunk' ? found.code : found.source).trim(), files }
}
