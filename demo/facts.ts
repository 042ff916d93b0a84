/** What is worth knowing of a file. */
export interface FileFacts {
  readonly words: number
  readonly headings: readonly Heading[]
  /** Addresses, each once, in the order in which they come. */
  readonly links: readonly string[]
  readonly licence: string | null
  /** Of a package.json only. */
  readonly manifest?: { readonly name: string | null; readonly version: string | null }
}

export interface Heading {
  /** 1 to 6. */
  readonly level: number
  readonly text: string
}
