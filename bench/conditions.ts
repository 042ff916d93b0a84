import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

/** What else decides how fast something is. */
export function conditions(packages: readonly string[]): Record<string, string> {
  const [first] = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    node: `${process.version} ${process.platform} ${process.arch}`,
    cpu: `${cpus().length} × ${first?.model ?? 'unknown'}`,
    load: loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
    versions: packages.map((name) => `${name} ${version(name)}`).join(', '),
  }
}

/** Of what is installed, not of what was asked for. */
function version(name: string): string {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version
}
