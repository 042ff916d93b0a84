/** More than any form of ours sends. */
const MOST_BYTES = 256 * 1024

/**
 * The fields of a form that was sent. Undefined when it is too long, or no form: other types are those that a page of
 * another origin could send without asking.
 */
export async function readForm(request: Request): Promise<URLSearchParams | undefined> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return undefined
  const text = await readText(request, MOST_BYTES)
  return text === undefined ? undefined : new URLSearchParams(text)
}

/** Reads no further than allowed: the length that a header claims is nobody's promise. */
async function readText(request: Request, mostBytes: number): Promise<string | undefined> {
  const reader = request.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > mostBytes) {
      await reader.cancel()
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}
