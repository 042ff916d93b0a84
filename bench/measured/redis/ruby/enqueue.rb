# What enqueue.mjs measures, by Ruby Sidekiq. A call waits for its answer: there are no calls in flight, only threads.

require_relative "bench"

jobs = SETTINGS["jobs"]

def enqueue(from, to)
  return in_bulk(from, to) if SETTINGS["by"] == "bulk"
  (from...to).each { |index| NoOp.perform_async(index) }
end

answer do
  enqueue(0, WARM_UP)
  redis_before = redis_cpu
  cpu_before = cpu
  start = now
  enqueue(WARM_UP, WARM_UP + jobs)
  seconds = now - start
  cpu_seconds = cpu - cpu_before
  redis_seconds = redis_cpu - redis_before
  ledger = Ledger.new(WARM_UP + jobs)
  texts = Sidekiq.redis { |redis| redis.lrange("queue:default", 0, -1) }
  texts.each { |text| ledger.count(JSON.parse(text)["args"][0]) }
  ledger.check
  {
    perSecond: jobs / seconds,
    cpuMicrosPerJob: cpu_seconds / jobs * 1e6,
    redisMicrosPerJob: redis_seconds / jobs * 1e6
  }
end
