# Pushes each job that it reads the number of, and tells when it began to, in milliseconds of the wall clock.

require_relative "bench"

queues = SETTINGS["queues"]
while (line = $stdin.gets)
  index = line.to_i
  at = Process.clock_gettime(Process::CLOCK_REALTIME, :float_millisecond)
  NoOp.set(queue: queues[index % queues.size]).perform_async(index)
  $stdout.puts at
  $stdout.flush
end
