import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../scripts/ready/program.mjs'
import { capture } from '../../scripts/ready/quietly.mjs'
import type { PlantedBug } from './planted-bugs.ts'

export interface Found {
  readonly seed: number
  readonly message: string
}

/** Plants a bug in a copy of the sources, and answers at which seed the simulation there finds it, if it does. */
export async function findBug(bug: PlantedBug, seeds: number): Promise<Found | undefined> {
  const house = mkdtempSync(join(tmpdir(), 'quayside-planted-'))
  try {
    for (const folder of ['src', 'adapters']) cpSync(join(root, folder), join(house, folder), { recursive: true })
    for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, file), join(house, file))
    symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
    plant(house, bug)
    writeFileSync(join(house, 'search.ts'), SEARCH)
    const { output } = await capture(process.execPath, ['--import', 'tsx', join(house, 'search.ts'), String(seeds)])
    return JSON.parse(output.trim().split('\n').at(-1) ?? 'null') ?? undefined
  } finally {
    rmSync(house, { recursive: true, force: true })
  }
}

function plant(house: string, { file, find, put }: PlantedBug): void {
  const path = join(house, file)
  const parts = readFileSync(path, 'utf8').split(find)
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times, not once: ${find}`)
  writeFileSync(path, parts.join(put))
}

/** A promise that nobody awaits may fail because of the bug: that is found, too. */
const SEARCH = `
import { simulate } from './src/testing/simulate/index.ts'

let seed = 0
const found = (message: string) => {
  console.log(JSON.stringify({ seed, message }))
  process.exit()
}
process.on('uncaughtException', (error) => found(String(error)))
for (seed = 1; seed <= Number(process.argv[2]); seed++) {
  const { failure } = await simulate({ seed })
  if (failure) found(failure.message)
}
console.log('null')
`
