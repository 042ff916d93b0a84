# What end-to-end.mjs measures, by Ruby Sidekiq: another process enqueues.

require_relative "bench"

jobs = SETTINGS["jobs"]

producer, child = IO.pipe
fork do
  child.close
  in_bulk(0, WARM_UP)
  producer.gets or exit!(1)
  (WARM_UP...WARM_UP + jobs).each { |index| NoOp.perform_async(index) }
  exit!(0)
end
producer.close

ledger = NoOp.ledger = Ledger.new(WARM_UP + jobs)
start = nil
ledger.at(WARM_UP) do
  start = { at: now, cpu: cpu }
  child.puts "go on"
end
ledger.at(WARM_UP + jobs) do
  seconds = now - start[:at]
  cpu_seconds = cpu - start[:cpu]
  Thread.new do
    answer do
      ledger.check
      { perSecond: jobs / seconds, cpuMicrosPerJob: cpu_seconds / jobs * 1e6 }
    end
  end
end
work(SETTINGS["concurrency"])
