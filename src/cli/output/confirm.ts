import { createInterface } from 'node:readline/promises'
import { Failure, UsageError } from '../failure.ts'
import type { Terminal } from './terminal.ts'

/** What commands take that destroy something. */
export const YES_OPTION = { type: 'boolean', short: 'y', help: 'do not ask' } as const

/** Asks whether to go on. Throws Failure when the answer is no, and UsageError when there is nobody to ask. */
export async function confirm(question: string, yes: boolean | undefined, { isInteractive }: Terminal): Promise<void> {
  if (yes) return
  if (!isInteractive) throw new UsageError(`${question} There is nobody to ask: say --yes`)
  const dialogue = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await dialogue.question(`${question} [y/N] `)
    if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('nothing was done')
  } finally {
    dialogue.close()
  }
}
