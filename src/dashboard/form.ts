/** More than any form of ours sends. */
const MOST_BYTES = 256 * 1024

const BODY_USED =
  'The body of the request was read before the dashboard got it. Mount the dashboard before whatever reads bodies, or ' +
  'give it a request.clone() that was made before.'

/**
 * The fields of a form that was sent. Undefined when it is too long, broken off, or no form: other types are those that
 * a page of another origin could send without asking. Throws TypeError for a body that somebody else has read.
 */
export async function readForm(request: Request): Promise<URLSearchParams | undefined> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return undefined
  // It would look like a form without fields, and the action would not do what was asked for.
  if (request.bodyUsed) throw new TypeError(BODY_USED)
  // Whoever goes away in the middle of a form is no fault of the app.
  const text = await readText(request, MOST_BYTES).catch(() => undefined)
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
