import type { App } from '../app.ts'
import { contextOf } from '../context.ts'
import { OptionError } from '../errors.ts'
import { describe, isArrayOf, isRecord } from '../options.ts'

/** A moment at which new code came: charts mark it, so that one sees what it did to durations and failures. */
export interface Deploy {
  readonly label: string
  readonly atMs: number
}

const DOCUMENT = 'deploys'
const KEPT_MS = 90 * 86_400_000
const MOST_KEPT = 100
const LONGEST_LABEL = 200

/**
 * Notes that new code came now, for the charts of the dashboard: `markDeploy(app, 'v1.2.3')`, once for each deploy. The
 * last hundred are kept, for 90 days. Rejects with OptionError for a label that is none.
 */
export async function markDeploy(app: App, label: string): Promise<void> {
  if (typeof label !== 'string' || label === '' || label.length > LONGEST_LABEL) {
    throw new OptionError(`markDeploy() takes a label of 1 to ${LONGEST_LABEL} characters; got ${describe(label)}.`)
  }
  const context = contextOf(app)
  const opened = await context.storage()
  let isWritten = false
  // Another process may mark at the same moment: whoever was slower reads anew.
  while (!isWritten) {
    const now = context.clock.now()
    const known = await opened.readDocument(DOCUMENT)
    const kept = readable(known?.text).filter(({ atMs }) => atMs > now - KEPT_MS)
    const text = JSON.stringify([...kept, { label, atMs: now }].slice(-MOST_KEPT))
    isWritten = await opened.writeDocument(DOCUMENT, text, known?.version ?? 0, KEPT_MS)
  }
}

/** The deploys that were marked, oldest first. */
export async function deploysOf(app: App): Promise<readonly Deploy[]> {
  const opened = await contextOf(app).storage()
  return readable((await opened.readDocument(DOCUMENT))?.text)
}

function readable(text = '[]'): Deploy[] {
  const deploys: unknown = JSON.parse(text)
  return isArrayOf(deploys, isDeploy) ? (deploys as Deploy[]) : []
}

const isDeploy = (value: unknown): boolean =>
  isRecord(value) && typeof value.label === 'string' && Number.isFinite(value.atMs)
