import { find } from '../../scripts/ready/programs.mjs'
import { RubyProcess } from './ruby-process.ts'

export interface RubyWorkerOptions {
  readonly queues: readonly string[]
  readonly concurrency?: number
  /** Without one, due jobs are left for ours to find. Default true. */
  readonly poller?: boolean
}

/** A real `sidekiq` that performs the jobs of ruby/jobs.rb. */
export function startRubyWorker(
  url: string,
  { queues, concurrency = 4, poller = true }: RubyWorkerOptions,
): RubyProcess {
  const args = ['-r', './worker.rb', '-c', String(concurrency), '-t', '1', ...queues.flatMap((queue) => ['-q', queue])]
  return new RubyProcess(find('sidekiq') ?? 'sidekiq', args, {
    REDIS_URL: url,
    LANG: 'C.UTF-8',
    POLLER: poller ? 'on' : 'off',
  })
}
