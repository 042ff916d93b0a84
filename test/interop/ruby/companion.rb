# frozen_string_literal: true

# Ruby's side of a conversation: a line of JSON in is a question, a line of JSON out is its answer. All that is answered
# comes from Sidekiq's own API, client and web page. Arguments go both ways as text, because JavaScript would round them.

ENV["RACK_ENV"] = "production" # the web page then leaves out nothing that users see

require "logger"
require_relative "jobs"
require "sidekiq/api"
require "sidekiq/web"
require "rack/mock"

Sidekiq.logger = Logger.new($stderr)

def seen(job)
  {
    jid: job.jid, class: job.klass, display_class: job.display_class, args: job.args.inspect,
    display_args: job.display_args.inspect, queue: job.queue, tags: job.tags, latency: job.latency,
    created_at: job.created_at.to_f, enqueued_at: job.enqueued_at&.to_f, failed_at: job["failed_at"],
    retried_at: job["retried_at"], retry_count: job["retry_count"], error_class: job["error_class"],
    error_message: job["error_message"], backtrace: job.error_backtrace, text: job.value
  }
end

def row(job)
  seen(job).merge(score: job.score, at: job.at.to_f)
end

SETS = {"retry" => Sidekiq::RetrySet, "schedule" => Sidekiq::ScheduledSet, "dead" => Sidekiq::DeadSet}.freeze
PROCESS = %w[identity hostname pid started_at tag labels queues concurrency busy beat quiet rss rtt_us].freeze
ACTIONS = %w[retry delete kill add_to_queue].freeze
SIGNALS = {"quiet" => :quiet!, "stop" => :stop!}.freeze

def with_options(question)
  Object.const_get(question["class"]).set(question["set"])
end

def process_of(identity)
  Sidekiq::ProcessSet.new.find { |process| process.identity == identity }
end

# The web page's own session is all that it asks of the program around it. What it raises, a server would make a 500.
def page(path)
  response = Rack::MockRequest.new(Sidekiq::Web).get(path, "rack.session" => {})
  {status: response.status, body: response.body.force_encoding("UTF-8")}
rescue => error
  {status: 500, body: error.full_message(highlight: false)}
end

ANSWERS = {
  # The client.
  "perform_async" => ->(q) { with_options(q).perform_async(*JSON.parse(q["args"])) },
  "perform_in" => ->(q) { with_options(q).perform_in(q["seconds"], *JSON.parse(q["args"])) },
  "perform_bulk" => ->(q) { with_options(q).perform_bulk(JSON.parse(q["args"])) },
  "push" => ->(q) { Sidekiq::Client.push(JSON.parse(q["item"])) },
  "push_bulk" => ->(q) { Sidekiq::Client.push_bulk(JSON.parse(q["item"])) },

  # The API.
  "queues" => ->(_) { Sidekiq::Queue.all.to_h { |queue| [queue.name, queue.size] } },
  "queue" => ->(q) { Sidekiq::Queue.new(q["name"]).map { |job| seen(job) } },
  "latency" => ->(q) { Sidekiq::Queue.new(q["name"]).latency },
  "set" => ->(q) { SETS.fetch(q["name"]).new.map { |job| row(job) } },
  "size" => ->(q) { SETS.fetch(q["name"]).new.size },
  "find" => ->(q) { SETS.fetch(q["name"]).new.find_job(q["jid"])&.then { |job| row(job) } },
  "act" => lambda { |q|
    job = SETS.fetch(q["name"]).new.find_job(q["jid"])
    ACTIONS.include?(q["action"]) ? job.public_send(q["action"]) && true : raise(ArgumentError, q["action"])
  },
  "reschedule" => ->(q) { SETS.fetch(q["name"]).new.find_job(q["jid"]).reschedule(q["at"]) && true },
  "processes" => ->(_) { Sidekiq::ProcessSet.new(false).map { |process| PROCESS.to_h { |name| [name, process[name]] } } },
  "clean_up" => ->(_) { Sidekiq::ProcessSet.new(false).cleanup },
  "signal" => ->(q) { process_of(q["identity"]).public_send(SIGNALS.fetch(q["signal"])) && true },
  "is_stopping" => ->(q) { process_of(q["identity"]).stopping? },
  "work" => ->(_) { Sidekiq::WorkSet.new.map { |process, thread, work| work.merge(process: process, thread: thread) } },
  "stats" => lambda { |_|
    stats = Sidekiq::Stats.new
    %i[processed failed scheduled_size retry_size dead_size enqueued processes_size workers_size]
      .to_h { |name| [name, stats.public_send(name)] }
  },
  "history" => lambda { |q|
    history = Sidekiq::Stats::History.new(q["days"])
    {processed: history.processed, failed: history.failed}
  },

  "page" => ->(q) { page(q["path"]) }
}.freeze

answers = $stdout.dup
$stdout.reopen($stderr) # what a library prints is no answer
answers.sync = true

$stdin.each_line do |line|
  question = JSON.parse(line)
  answer =
    begin
      {id: question["id"], answer: ANSWERS.fetch(question["ask"]).call(question)}
    rescue => error
      {id: question["id"], error: error.full_message(highlight: false)}
    end
  answers.puts(JSON.generate(answer))
end
