/** What we use of peers that bring no types. */

declare module 'async' {
  export function queue<Job>(
    perform: (job: Job) => Promise<void>,
    concurrency: number,
  ): { pushAsync(job: Job): Promise<unknown> }
}

declare module 'better-queue' {
  type Done = (error: unknown) => void
  export default class Queue<Job> {
    constructor(perform: (job: Job, done: Done) => void, options: { concurrent: number })
    push(job: Job, done: Done): void
  }
}
