import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { find } from '../../scripts/ready/programs.mjs'
import { Child } from './child.ts'

/** A screen that nobody sees, for a browser that cannot do without one. It takes a number that is free, and tells it. */
export async function startDisplay(): Promise<{ display: string; server: Child }> {
  const server = await Child.start(find('xvfb'), ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const lines = createInterface({ input: server.process.stdio[3] as Readable })
  const [number] = await once(lines, 'line')
  return { display: `:${number}`, server }
}
