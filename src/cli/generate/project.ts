import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What of a project decides how files for it are written. */
export interface Project {
  readonly folder: string
  readonly isTypeScript: boolean
  /** What runs its tests: vitest where it is there, else what Node brings. */
  readonly tests: 'vitest' | 'node:test'
  /** True when files that end in .js are modules. */
  readonly isModule: boolean
}

/** Looks at a folder's package.json and tsconfig.json. Neither has to be there. */
export function readProject(folder: string): Project {
  const manifest = readManifest(join(folder, 'package.json'))
  const packages = { ...manifest.dependencies, ...manifest.devDependencies }
  return {
    folder,
    isTypeScript: existsSync(join(folder, 'tsconfig.json')) || 'typescript' in packages,
    tests: 'vitest' in packages ? 'vitest' : 'node:test',
    isModule: manifest.type === 'module',
  }
}

interface Manifest {
  readonly type?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

function readManifest(path: string): Manifest {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : {}
}

/** `.ts`, or what Node takes for a module. */
export function extensionOf({ isTypeScript, isModule }: Project): string {
  if (isTypeScript) return '.ts'
  return isModule ? '.js' : '.mjs'
}
