/** A job in a worker's keeping. */
export interface Claim {
  readonly worker: string
  readonly token: number
  readonly jid: string
  readonly queue: string
  readonly text: string
  readonly lane: string
  readonly request: number
  /** False while it is only read ahead. */
  isBegun: boolean
  isCancelled: boolean
}

/** When a worker was heard of. Two ends of its lease: a repeated request may renew it or not. */
export interface Presence {
  leaseMs: number
  steadySince: number
  endsAtLeast: number
  endsAtMost: number
}

/** A claim's name. Tokens are each worker's own. */
export const tokenOf = (worker: string, token: number): string => `${worker} ${token}`
