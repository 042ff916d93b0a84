import { outageSuite } from './outage-suite.ts'

outageSuite({
  title: 'Redis accepting connections and saying nothing',
  begin: (server) => void process.kill(server.pid, 'SIGSTOP'),
  end: (server) => void process.kill(server.pid, 'SIGCONT'),
})
