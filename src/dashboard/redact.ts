/**
 * Whether a value is hidden. `path` leads to it from the arguments: [0, 'card', 'number'] is args[0].card.number.
 */
export type Redact = (path: readonly (string | number)[], job: string) => boolean

const SENSITIVE =
  /passw|passphrase|secret|token|api_?-?key|private_?-?key|access_?-?key|credential|authorization|cookie|session|otp|cvv|cvc|iban|ssn|card_?-?number/i

/** What is hidden unless the app says otherwise: values whose name sounds secret. */
export const isSensitive: Redact = (path) => {
  const name = path.at(-1)
  return (
    typeof name === 'string' && (SENSITIVE.test(name) || name.toLowerCase() === 'key' || name.toLowerCase() === 'pin')
  )
}
