import { readFile, stat } from 'node:fs/promises'
import { UnreadableFileError } from './unreadable-file-error.ts'

/** Longer than this, it is no README but a book. */
const LIMIT_KIB = 40

/** The text of a file. Throws UnreadableFileError unless it is UTF-8 of a sensible size. */
export async function readText(path: string, signal: AbortSignal): Promise<string> {
  const bytes = await readBytes(path, signal).catch((error) => {
    throw asUnreadable(error)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UnreadableFileError('not UTF-8')
  }
}

async function readBytes(path: string, signal: AbortSignal): Promise<Uint8Array> {
  const stats = await stat(path)
  if (!stats.isFile()) throw new UnreadableFileError('not a file')
  const kib = stats.size / 1024
  if (kib > LIMIT_KIB) throw new UnreadableFileError(`${kib.toFixed(1)} KiB, over the limit of ${LIMIT_KIB} KiB`)
  return readFile(path, { signal })
}

/** What the file system says of a file, in words; anything else stays the error that it is. */
function asUnreadable(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ENOENT')
    return new UnreadableFileError('missing: deleted, or a link to nothing', { cause: error })
  if (error.syscall !== undefined) return new UnreadableFileError(`cannot be read (${error.code})`, { cause: error })
  return error
}
