import { MalformedPayloadError } from './errors.ts'
import { isArrayOf } from './options.ts'

/**
 * The stack of an error as Sidekiq stores it in `error_backtrace`: a JSON array of lines, deflated (zlib), in base64.
 *
 * @param limit how many lines; true for all of them
 */
export async function encodeBacktrace(error: Error, limit: true | number): Promise<string> {
  const lines = stackLines(error).slice(0, limit === true ? undefined : limit)
  const bytes = new TextEncoder().encode(JSON.stringify(lines))
  return toBase64(await through(bytes, new CompressionStream('deflate')))
}

/** The lines of a stored backtrace, whoever wrote it. Rejects when the text is none. */
export async function decodeBacktrace(stored: string): Promise<string[]> {
  const bytes = Uint8Array.from(atob(stored.replace(/\s/g, '')), (character) => character.charCodeAt(0))
  const lines: unknown = JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate'))))
  if (isArrayOf(lines, (line) => typeof line === 'string')) return lines as string[]
  throw new MalformedPayloadError('The stored backtrace is no array of lines.')
}

/** Without the first lines, which repeat the message. Sidekiq's web page does not escape `<`: `Object.<anonymous>`. */
function stackLines({ stack }: Error): string[] {
  const lines = String(stack ?? '')
    .split('\n')
    .map((line) => line.trim().replaceAll('<', '(').replaceAll('>', ')').toWellFormed())
  const calls = lines.filter((line) => line.startsWith('at '))
  if (calls.length > 0) return calls
  const others = lines.filter((line) => line.includes('@')) // Firefox and Safari
  return others.length > 0 ? others : lines
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const bounded = new Blob([bytes]).stream().pipeThrough(transform).pipeThrough(atMost(MOST_BYTES))
  return new Uint8Array(await new Response(bounded).arrayBuffer())
}

/** Longer than any stack. What is deflated may hold a thousand times its length, whoever wrote it. */
const MOST_BYTES = 4 * 2 ** 20

function atMost(bytes: number): TransformStream<Uint8Array, Uint8Array> {
  let left = bytes
  return new TransformStream({
    transform(chunk, controller) {
      left -= chunk.byteLength
      if (left < 0) controller.error(new MalformedPayloadError(`The stored backtrace is longer than ${bytes} bytes.`))
      else controller.enqueue(chunk)
    },
  })
}

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
