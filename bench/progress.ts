/** A sign of life on stderr: a dot for each run. A terminal forgets it; a file keeps it, with the time it took. */
export class Progress {
  readonly #startedAt = performance.now()

  constructor(name: string) {
    process.stderr.write(`${name} `)
  }

  step(): void {
    process.stderr.write('.')
  }

  end(): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(0)
    process.stderr.write(process.stderr.isTTY ? '\r\x1b[K' : ` ${seconds} s\n`)
  }
}
