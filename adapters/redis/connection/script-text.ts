import { createHash } from 'node:crypto'
import type { Script } from '../link.ts'
import { isAtLeast } from './server-check.ts'

/** A script as one version of Redis wants it. */
export interface ScriptText {
  readonly text: string
  readonly digest: string
}

/**
 * Redis 7 lets a script say that a full Redis shall run it. Older ones look at its first write: where that frees
 * memory, or would if the key were there, they let all others pass. Unknown versions are taken for old: that works on
 * all.
 */
const SHEBANG = '#!lua\n'
const SHEBANG_ALLOW_OOM = '#!lua flags=allow-oom\n'
const REMOVE_FIRST = "redis.call('DEL', ARGV[1] .. 'quayside:no-such-key')\n"

const texts: Record<'old' | 'new', WeakMap<Script, ScriptText>> = { old: new WeakMap(), new: new WeakMap() }

/** The text of a script for this version of Redis, and its name there. */
export function scriptText(script: Script, version: string | undefined): ScriptText {
  const age = version !== undefined && isAtLeast(version, 7, 0) ? 'new' : 'old'
  const known = texts[age].get(script)
  if (known) return known
  const text = (age === 'new' ? headOfNew(script) : headOfOld(script)) + script.lua
  const made = { text, digest: createHash('sha1').update(text).digest('hex') }
  texts[age].set(script, made)
  return made
}

function headOfNew({ growing }: Script): string {
  return growing ? SHEBANG : SHEBANG_ALLOW_OOM
}

function headOfOld({ growing }: Script): string {
  return growing ? '' : REMOVE_FIRST
}
