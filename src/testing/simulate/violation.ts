/** A promise of the engine or of the storage was not kept. */
export class Violation extends Error {
  override name = 'Violation'
  /** The jobs that the story has to tell of. */
  readonly jids: readonly string[]

  constructor(message: string, ...jids: string[]) {
    super(message)
    this.jids = jids
  }
}

/** Throws a Violation unless the promise is kept. */
export function must(isKept: boolean, message: () => string, ...jids: string[]): void {
  if (!isKept) throw new Violation(message(), ...jids)
}
