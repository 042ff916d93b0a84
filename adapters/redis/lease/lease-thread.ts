// The thread of LeaseKeeper: a program of its own, started by `new Worker`.

import { parentPort, workerData } from 'node:worker_threads'
import type { Leases, LeaseThreadData } from './lease-keeper.ts'
import type { LeaseRenewer } from './lease-renewer.ts'

/** How often the thread looks at the main loop in the shortest lease, and when it calls it blocked. */
const LOOKS_IN_A_LEASE = 8
const BLOCKED_AFTER_LEASES = 1 / 4

const { turned, renewForMs, prefix, namespace, route } = workerData as LeaseThreadData
const lastTurn = new BigInt64Array(turned)
let leases: Leases = new Map()
let timer: NodeJS.Timeout | undefined
let renewer: LeaseRenewer | undefined

parentPort?.on('message', (message: Leases) => {
  leases = message
  lookSoon()
})

function lookSoon(): void {
  clearTimeout(timer)
  if (leases.size > 0) timer = setTimeout(look, shortest() / LOOKS_IN_A_LEASE)
}

async function look(): Promise<void> {
  const silentMs = Number(process.hrtime.bigint() - Atomics.load(lastTurn, 0)) / 1e6
  const isBlocked = silentMs >= shortest() * BLOCKED_AFTER_LEASES
  if (isBlocked && silentMs <= renewForMs) await renew()
  else endRenewing()
  lookSoon()
}

/** ioredis is loaded, and a connection made, only for a process that does block: others need not pay for it. */
async function renew(): Promise<void> {
  if (!renewer) {
    const { LeaseRenewer } = await import('./lease-renewer.ts')
    renewer = new LeaseRenewer(route, prefix, namespace)
  }
  await renewer.renew(leases)
}

function endRenewing(): void {
  renewer?.close()
  renewer = undefined
}

function shortest(): number {
  return Math.min(...leases.values())
}
