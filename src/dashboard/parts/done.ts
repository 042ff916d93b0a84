import { en } from '../messages/en.ts'
import type { DoneMessage } from '../route.ts'
import type { Visit } from '../visit.ts'

/** What the action that led here did. The address only names a message of ours, so that nobody can put words there. */
export function doneText({ here, locale }: Visit): string | undefined {
  const done = here.parameters.get('done')
  const count = Number(here.parameters.get('count'))
  if (!isDone(done) || !Number.isSafeInteger(count) || count < 0) return undefined
  return locale.t(done, { count })
}

const isDone = (name: string | null): name is DoneMessage =>
  (name?.startsWith('done_') ?? false) && Object.hasOwn(en, name ?? '')
