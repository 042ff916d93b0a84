import { createRequire } from 'node:module'

/** Of the package that this file is in, wherever it was built to. */
export function version(): string {
  return (createRequire(import.meta.url)('quayside/package.json') as { version: string }).version
}
