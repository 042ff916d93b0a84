import { OptionError } from '../errors.ts'
import { describe, isArrayOf, isRecord } from '../options.ts'

/** What somebody may be allowed to do, beside looking. */
export const PERMISSIONS = [
  'retry',
  'reschedule',
  'kill',
  'delete',
  'enqueue',
  'cancel',
  'workers',
  'queues',
  'periodic',
] as const

export type Permission = (typeof PERMISSIONS)[number]

/** Nothing, looking, all, or looking and the actions that are named. */
export type Access = false | 'read-only' | 'all' | readonly Permission[]

/** What `authorize` answers. With a `user`, the audit knows who it was. A Response is sent as it is: a login page, say. */
export type Authorization = Access | { readonly access: Access; readonly user: string } | Response

export type Authorize = (request: Request) => Authorization | Promise<Authorization>

/** Somebody who may look, and what else they may do. */
export interface Visitor {
  readonly user: string | undefined
  readonly may: ReadonlySet<Permission>
}

/** Who comes, by what `authorize` answered; undefined for somebody who may not even look. Throws OptionError. */
export function visitorOf(answer: Exclude<Authorization, Response>, readOnly: boolean): Visitor | undefined {
  const { access, user } = isNamed(answer) ? answer : { access: answer, user: undefined }
  if (access === false) return undefined
  const may = permissionsOf(access)
  return { user, may: new Set(readOnly ? [] : may) }
}

const isNamed = (answer: unknown): answer is { access: Access; user: string } => isRecord(answer)

function permissionsOf(access: unknown): readonly Permission[] {
  if (access === 'read-only') return []
  if (access === 'all') return PERMISSIONS
  if (isArrayOf(access, (each) => PERMISSIONS.includes(each as Permission))) return access as Permission[]
  throw new OptionError(
    `authorize() must answer false, 'read-only', 'all', or an array of ${PERMISSIONS.join(', ')}; got ${describe(access)}.`,
  )
}
