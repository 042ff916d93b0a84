/** A file that cannot be indexed, or is not there any more. The message says why, in a few words. */
export class UnreadableFileError extends Error {
  // The name is what is kept with a failed job; minifiers rename classes, but not this.
  override name = 'UnreadableFileError'
}
