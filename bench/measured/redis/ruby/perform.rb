# What perform.mjs measures, by Ruby Sidekiq.

require_relative "bench"

jobs = SETTINGS["jobs"]
ledger = NoOp.ledger = Ledger.new(WARM_UP + jobs)
in_bulk(0, WARM_UP + jobs)

start = nil
ledger.at(WARM_UP) { start = { at: now, cpu: cpu, redis: redis_cpu } }
ledger.at(WARM_UP + jobs) do
  seconds = now - start[:at]
  cpu_seconds = cpu - start[:cpu]
  redis_seconds = redis_cpu - start[:redis]
  Thread.new do
    answer do
      ledger.check
      {
        perSecond: jobs / seconds,
        cpuMicrosPerJob: cpu_seconds / jobs * 1e6,
        redisMicrosPerJob: redis_seconds / jobs * 1e6,
        rssMB: rss_mb
      }
    end
  end
end
work(SETTINGS["concurrency"])
