import type { Page, PageRequest, Place, Row, Scan, ScanRequest } from '../../src/storage.ts'
import type { Link } from './link.ts'
import { keyOf } from './places.ts'
import { bytesOf, keyOfBytes, rowOf } from './rows.ts'
import { PAGE_OF_QUEUE, PAGE_OF_SET, SCAN_QUEUE, SCAN_SET } from './scripts/pages.ts'

/** Rows come as bytes: also such as are no UTF-8 must lead back to their place. */
const BYTES = { bytes: true }

export async function page(link: Link, place: Place, { offset, limit, reverse }: PageRequest): Promise<Page> {
  const isSet = typeof place === 'string'
  const args = [isSet ? keyOf(place) : place.queue, offset, limit, reverse ? '1' : '']
  const [total, found] = (await link.run(isSet ? PAGE_OF_SET : PAGE_OF_QUEUE, args, BYTES)) as [number, Buffer[]]
  return { rows: isSet ? scored(found) : found.map((text) => rowOf(text)), total }
}

export async function scan(link: Link, place: Place, { limit, cursor, match, jid }: ScanRequest): Promise<Scan> {
  const isSet = typeof place === 'string'
  const name = isSet ? keyOf(place) : place.queue
  const args = [name, limit, match ?? plain(jid ?? ''), jid ?? '', cursor === undefined ? '' : bytesOf(cursor)]
  const [found, next] = (await link.run(isSet ? SCAN_SET : SCAN_QUEUE, args, BYTES)) as [Buffer[], Buffer]
  return {
    rows: isSet ? scored(found) : found.map((text) => rowOf(text)),
    cursor: next.length === 0 ? undefined : keyOfBytes(next),
  }
}

/** The jid if JSON writes it as it is: texts without it need not be read then. Otherwise '', which is in all texts. */
export const plain = (jid: string): string => (/^[\x20-\x7e]*$/.test(jid) && !/["\\/]/.test(jid) ? jid : '')

/** Texts and scores in turns. A score is an instant in seconds. */
function scored(found: readonly Buffer[]): Row[] {
  const rows: Row[] = []
  for (let at = 0; at < found.length; at += 2) {
    rows.push(rowOf(found[at] as Buffer, Math.round(Number(found[at + 1]) * 1000)))
  }
  return rows
}
