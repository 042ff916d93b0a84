# frozen_string_literal: true

# What `sidekiq -r` loads: the jobs, and a Sidekiq in a hurry. It beats every five seconds, and its poller begins after
# up to five: too long for tests.

$stdout.reopen($stderr) # where its log is read

require_relative "jobs"

Sidekiq::Launcher.send(:remove_const, :BEAT_PAUSE)
Sidekiq::Launcher.const_set(:BEAT_PAUSE, 0.5)

Sidekiq::Scheduled::Poller.prepend(Module.new do
  def initial_wait
  end
end)

class NoPoller
  def enqueue_jobs(*)
  end
end

Sidekiq.configure_server do
  Sidekiq.options[:poll_interval_average] = 0.1
  Sidekiq.options[:scheduled_enq] = NoPoller if ENV["POLLER"] == "off"
end

# Ends with the tests, however they end: then nobody holds the other end of this pipe.
Thread.new do
  $stdin.read
  exit!(1)
end
