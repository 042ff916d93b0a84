import type { Place, Row, Storage } from '../../../storage.ts'
import { must } from '../violation.ts'

/** Where a job was seen, and as what. */
export interface Seen extends Row {
  readonly jid: string
  /** 'scheduled', 'retry', 'dead', or `queue ` and its name. */
  readonly place: string
}

/** Everything that lies in a place, at one moment. */
export interface Census {
  readonly byJid: ReadonlyMap<string, Seen>
  /** In order. */
  readonly byPlace: ReadonlyMap<string, readonly Seen[]>
}

export const EMPTY: Census = { byJid: new Map(), byPlace: new Map() }

const ALL = { offset: 0, limit: 1_000_000 }

export const nameOf = (place: Place): string => (typeof place === 'string' ? place : `queue ${place.queue}`)

/** Looks at every job that lies in a place. None may be in two. */
export async function takeCensus(storage: Storage): Promise<Census> {
  const queues: Place[] = (await storage.queues()).filter(({ size }) => size > 0).map(({ name }) => ({ queue: name }))
  const byJid = new Map<string, Seen>()
  const byPlace = new Map<string, Seen[]>()
  for (const place of [...queues, 'scheduled', 'retry', 'dead'] as Place[]) {
    const name = nameOf(place)
    const { rows } = await storage.page(place, ALL)
    const seen = rows.map((row) => ({ ...row, jid: jidOf(row.text), place: name }))
    for (const each of seen) {
      const twice = byJid.get(each.jid)?.place
      must(twice === undefined, () => `the job is in two places at once: ${twice} and ${name}`, each.jid)
      byJid.set(each.jid, each)
    }
    byPlace.set(name, seen)
  }
  return { byJid, byPlace }
}

/** Found without parsing: this is done for every job at every step. What has no jid is told apart by its bytes. */
function jidOf(text: string): string {
  const start = text.indexOf('"jid":"')
  return start < 0 ? text : text.slice(start + 7, text.indexOf('"', start + 7))
}
