# What the measured programs in Ruby share: settings from the command line, one line of JSON as the answer.

require "json"
require "sidekiq"
require "sidekiq/cli"

SETTINGS = JSON.parse(ARGV[0])
# As many as in the programs in JavaScript.
WARM_UP = 5_000
Sidekiq.logger.level = Logger::FATAL
Sidekiq.redis = { url: SETTINGS["url"], size: [SETTINGS.fetch("concurrency", 10), 10].max + 5 }
# Sidekiq 6.4 calls redis-rb 4.8 in ways that it complains about, at each call.
Redis.silence_deprecations = true

# Counts what is performed, job by job, as ledger.mjs does.
class Ledger
  attr_reader :performed

  def initialize(jobs)
    @counts = Array.new(jobs, 0)
    @performed = 0
    @lock = Mutex.new
    @marks = {}
  end

  # Calls the block once so many are performed.
  def at(performed, &block)
    @marks[performed] = block
  end

  def count(index)
    mark = @lock.synchronize do
      raise "There is no job #{index.inspect}." unless index.is_a?(Integer) && index.between?(0, @counts.size - 1)
      @counts[index] += 1
      @marks[@performed += 1]
    end
    mark&.call
  end

  def check
    sleep 0.05
    wrong = @counts.index { |count| count != 1 }
    raise "Job #{wrong} of #{@counts.size} was performed #{@counts[wrong]} times." if wrong
  end
end

class NoOp
  include Sidekiq::Worker

  class << self
    attr_accessor :ledger
  end

  def perform(index)
    NoOp.ledger.count(index)
  end
end

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

def cpu
  Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
end

# Seconds of CPU that Redis has used since it started.
def redis_cpu
  Sidekiq.redis { |redis| redis.info("cpu") }.values_at("used_cpu_user", "used_cpu_sys").sum(&:to_f)
end

def rss_mb
  File.read("/proc/self/status")[/^VmHWM:\s*(\d+)/, 1].to_f / 1024
end

def in_bulk(from, to)
  (from...to).each_slice(1_000) do |indexes|
    Sidekiq::Client.push_bulk("class" => NoOp, "args" => indexes.map { |index| [index] })
  end
end

# Runs Sidekiq in this process, as its executable does. `boot` is a file that it loads.
def work(concurrency)
  cli = Sidekiq::CLI.instance
  cli.parse(["-r", __FILE__, "-c", concurrency.to_s, "-q", "default", "-e", "production"])
  cli.run(boot_app: false)
end

# Ends the process whether or not threads still run: an error is the bench's to show.
def answer
  figures = yield
  puts figures.to_json
  $stdout.flush
  exit!(0)
rescue => error
  warn error.message
  exit!(1)
end
