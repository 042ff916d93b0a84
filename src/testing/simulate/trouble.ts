import { Random } from './random.ts'
import type { World } from './world.ts'

/** The longest that one clock is set by at a time. */
const CLOCK_SET_MS = 60_000

const STORE_CLOCK_SET_MS = 20_000

/** Makes happen what the plan has chosen, until all is healed. */
export function trouble<Jobs>(world: World<Jobs>): void {
  const { faults } = world.plan
  const { server, processes } = world
  const workers = processes.filter(({ name }) => name.startsWith('worker'))
  for (const process of processes) {
    every(world, `crashes of ${process.name}`, faults.crashEveryMs, () => process.crash())
    every(world, `freezes of ${process.name}`, faults.freezeEveryMs, (random) =>
      process.freeze(random.about(faults.freezeMs)),
    )
    every(world, `network of ${process.name}`, faults.offlineEveryMs, (random) =>
      process.goOffline(random.about(faults.offlineMs)),
    )
    every(world, `clock of ${process.name}`, faults.clockSetEveryMs, (random) =>
      process.setClock(random.between(-CLOCK_SET_MS, CLOCK_SET_MS)),
    )
  }
  for (const worker of workers) every(world, `stops of ${worker.name}`, faults.stopEveryMs, () => worker.restart())
  every(world, 'outages', faults.outageEveryMs, (random) => {
    world.chronicle.tell('store', 'cannot be reached')
    server.goDown(random.about(faults.outageMs))
  })
  every(world, 'restarts', faults.restartEveryMs, (random) => server.restart(random.about(2_000)))
  every(world, 'clock of the store', faults.storeClockSetEveryMs, (random) => {
    const byMs = random.between(-STORE_CLOCK_SET_MS, STORE_CLOCK_SET_MS)
    world.chronicle.tell('store', `has its clock set by ${Math.round(byMs)} ms`)
    server.setClock(byMs)
  })
}

function every<Jobs>(world: World<Jobs>, what: string, meanMs: number, happen: (random: Random) => unknown): void {
  if (meanMs === 0) return
  const random = new Random(world.seed, what)
  const next = () => {
    world.agenda.add(random.about(meanMs), () => {
      if (world.isHealed) return false
      next()
      return happen(random)
    })
  }
  next()
}
