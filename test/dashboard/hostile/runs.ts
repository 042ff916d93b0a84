import type { Page } from 'playwright'
import { ELSEWHERE } from './payloads.ts'

/** What payloads have done in a window: the scripts that ran, and the requests to hosts that are not ours. */
export interface Runs {
  /** By the numbers of the payloads. */
  readonly scripts: number[]
  readonly requests: string[]
}

/** Counts what payloads do on the pages that a window goes to, and in all frames of them. */
export async function countRuns(page: Page): Promise<Runs> {
  const runs: Runs = { scripts: [], requests: [] }
  await page.exposeFunction('ran', (number: number) => void runs.scripts.push(number))
  await page.addInitScript(() => {
    // A frame of another origin has no other way to tell.
    addEventListener('message', ({ data }) => (globalThis as unknown as { ran(number: number): void }).ran(data))
  })
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^https?:$/.test(protocol) && hostname !== '127.0.0.1') runs.requests.push(request.url())
  })
  return runs
}

/** Which payload asked for an address. */
export const numberIn = (address: string): number => Number(address.slice(ELSEWHERE.length + 1))
