/**
 * The rows that a push of Quayside writes, as adapters/indexeddb/schema.ts has them.
 * @param {number} index
 */
export function jobRow(index) {
  const jid = index.toString(16).padStart(24, '0')
  const now = Date.now() / 1000
  const times = `"created_at":${now},"enqueued_at":${now}`
  const text = `{"class":"NoOp","args":[${index}],"retry":true,"queue":"default","jid":"${jid}",${times}}`
  return { place: 'queue:default', at: 2, seq: index, jid, text }
}

/** The record of all records, which each push writes too. @param {number} seq */
export function metaRow(seq) {
  const queue = { place: 'queue:default', size: seq, front: 0, head: 0, paused: false }
  return {
    key: 'meta',
    epoch: '0123456789abcdef01234567',
    seq,
    places: new Map([[queue.place, queue]]),
    dueAt: Number.POSITIVE_INFINITY,
    processed: 0,
    failed: 0,
    today: { day: 0, processed: 0, failed: 0 },
    recoveredUntil: 0,
    isHungry: false,
    pushes: Array.from({ length: 8 }, (_, age) => `0123456789abcdef01234567:${seq - age}`),
    pushedAt: Date.now(),
  }
}
