import { build } from 'vite'

/** The service worker as one script: it can import nothing later. */
export async function bundleServiceWorker(): Promise<string> {
  const result = await build({
    root: `${import.meta.dirname}/page`,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: `${import.meta.dirname}/page/service-worker.ts`,
        output: { codeSplitting: false },
      },
    },
  })
  const [script] = 'output' in result ? result.output : []
  if (script?.type !== 'chunk') throw new Error('Vite did not answer with a script')
  return script.code
}
