import type { Wake } from '../storage.ts'
import { Capsule } from './capsule.ts'
import { clockWatch } from './clock-watch.ts'
import { Heartbeat } from './heartbeat.ts'
import { networkWatch } from './network-watch.ts'
import { promoter } from './promoter.ts'
import { recoverer } from './recoverer.ts'
import { type Round, Service } from './service.ts'
import type { Station } from './station.ts'

/** How often the crew looks for work where the storage cannot wake it. */
const POLL_MS = 500

/** How often it looks although the storage would have woken it: a lost wake-up then costs time, not a job. */
const SAFETY_POLL_MS = 5_000

/** Every so many looks one is for workers that are gone: the recoverer knows when a lease may end, and has a timer. */
const LOOKS_FOR_THE_GONE = 3

/** Those who do a worker's work once its storage is open: capsules that perform, and the services beside them. */
export class Crew {
  readonly capsules: readonly Capsule[]
  readonly heartbeat: Heartbeat
  readonly #station: Station
  readonly #services: readonly Service[]
  readonly #onWake: Readonly<Record<Wake, () => void>>
  readonly #unsubscribe: (() => void) | undefined

  constructor(station: Station) {
    const { context, storage, worker, plan, gate, network, availability, measurer } = station
    const service = (round: Round) => new Service(context.clock, round, (error) => availability.failed(error))
    const wakeCapsules = () => {
      for (const capsule of this.capsules) capsule.wake()
    }
    this.#station = station
    this.capsules = plan.capsules.map((capsule) => new Capsule(capsule, station))
    this.heartbeat = new Heartbeat(station, this.capsules)
    gate.onOpen = wakeCapsules
    const pulse = service(() => this.heartbeat.round())
    const promoting = service(promoter(storage))
    const recovering = service(recoverer(storage, worker, context.logger))
    const lookAgain = () => {
      context.periodic?.wake()
      promoting.wake()
      recovering.wake()
    }
    let looks = 0
    const polling = service(async () => {
      wakeCapsules()
      promoting.wake()
      if (looks++ % LOOKS_FOR_THE_GONE === 0) recovering.wake()
      return storage.subscribe ? SAFETY_POLL_MS : POLL_MS
    })
    const measuring = service(async () => {
      await measurer.hand(storage)
      return plan.heartbeatMs
    })
    const watching = service(clockWatch(context.clock, lookAgain))
    const unparking = service(networkWatch(station, () => this.heartbeat.isStandby))
    network.onTurn = () => unparking.wake()
    this.#services = [pulse, promoting, recovering, polling, measuring, watching, unparking]
    this.#onWake = {
      claimable: wakeCapsules,
      due: () => promoting.wake(),
      signal: () => pulse.wake(),
      recoverable: () => recovering.wake(),
      network: () => network.hint(),
    }
    this.#unsubscribe = storage.subscribe?.((wake) => this.wake(wake))
  }

  start(): void {
    for (const member of [...this.#services, ...this.capsules]) member.start()
  }

  /** Something happened in the storage. */
  wake(wake: Wake): void {
    this.#onWake[wake]()
  }

  /** Resolves when no job runs. */
  async idle(): Promise<void> {
    await Promise.all(this.capsules.map((capsule) => capsule.idle()))
  }

  /** Ends the loops of a quiet worker when all is settled; the services that keep the lease end last. */
  async stop(): Promise<void> {
    await Promise.all(this.capsules.map((capsule) => capsule.stop()))
    await Promise.all([...this.#services.map((service) => service.stop()), this.#station.context.periodic?.rest()])
  }

  /** Ends what waits for a storage that does not answer. */
  giveUp(): void {
    for (const capsule of this.capsules) capsule.giveUp()
    for (const service of this.#services) service.stop()
  }

  /** Gives back to the storage what is left, and tells it the last of what was measured. */
  async retire(): Promise<void> {
    const { storage, worker, measurer } = this.#station
    this.#unsubscribe?.()
    await storage.retire(worker)
    await measurer.hand(storage)
  }
}
