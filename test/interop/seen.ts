// What Ruby's own API shows, as ruby/companion.rb prints it.

/** A job as Ruby's API shows it. Arguments are text, as Ruby's `inspect` prints them; instants are seconds. */
export interface SeenJob {
  readonly jid: string
  readonly class: string
  readonly display_class: string
  readonly args: string
  readonly display_args: string
  readonly queue: string
  readonly tags: readonly string[]
  readonly latency: number
  readonly created_at: number
  readonly enqueued_at: number | null
  readonly failed_at: number | null
  readonly retried_at: number | null
  readonly retry_count: number | null
  readonly error_class: string | null
  readonly error_message: string | null
  readonly backtrace: readonly string[] | null
  readonly text: string
}

/** A row of a set. */
export interface SeenRow extends SeenJob {
  readonly score: number
  readonly at: number
}

export interface SeenProcess {
  readonly identity: string
  readonly hostname: string
  readonly pid: number
  readonly started_at: number
  readonly tag: string
  readonly labels: readonly string[]
  readonly queues: readonly string[]
  readonly concurrency: number
  readonly busy: number
  readonly beat: number
  readonly quiet: string
  readonly rss: number
  readonly rtt_us: number
}

export interface SeenWork {
  readonly process: string
  readonly thread: string
  readonly queue: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly run_at: number
}

export interface SeenPage {
  readonly status: number
  /** The HTML; for a page that raised, what it raised. */
  readonly body: string
}
