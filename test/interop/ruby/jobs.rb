# frozen_string_literal: true

# The jobs that Ruby knows. Its worker performs them, and its client enqueues them by these classes.

require "sidekiq"

# What Ruby performed, as Ruby itself prints it, lies in the list "ruby:performed".
module Performed
  def self.note(job, args)
    line = JSON.generate(class: job.class.name, jid: job.jid, args: args.inspect)
    Sidekiq.redis { |redis| redis.rpush("ruby:performed", line) }
  end
end

class Echo
  include Sidekiq::Job
  sidekiq_options queue: "ruby"

  def perform(*args)
    Performed.note(self, args)
  end
end

class Broken
  include Sidekiq::Job
  sidekiq_options queue: "ruby", backtrace: true

  def perform(message, *)
    raise ArgumentError, message
  end
end

# Counts each run in the hash "ledger", and who ran it.
class Count
  include Sidekiq::Job
  sidekiq_options queue: "ruby"

  def perform(*)
    Sidekiq.redis do |redis|
      redis.pipelined do |pipeline|
        pipeline.hincrby("ledger", jid, 1)
        pipeline.incr("ledger:ruby")
      end
    end
  end
end

# Runs until something is pushed to the list "ruby:go".
class Patient
  include Sidekiq::Job
  sidekiq_options queue: "ruby"

  def perform(*)
    Sidekiq.redis { |redis| redis.blpop("ruby:go", timeout: 20) }
  end
end

# Active Job's wrapper, as Rails defines it for this Sidekiq.
module ActiveJob
  module QueueAdapters
    class SidekiqAdapter
      class JobWrapper
        include Sidekiq::Job

        def perform(job_data)
          Performed.note(self, [job_data])
        end
      end
    end
  end
end
