import { outageSuite } from './outage-suite.ts'

outageSuite({
  title: 'Redis killed and started again',
  begin: (server) => server.stop('SIGKILL'),
  end: (server) => server.start(),
})
