import type { Redis } from 'ioredis'
import { freePort, RedisServer } from './redis-server.ts'
import { until } from './until.ts'

const SLOTS = 16_384

/** A real cluster: three nodes with a third of the slots each, and a replica of the first. */
export class RedisCluster {
  readonly nodes: readonly RedisServer[]
  readonly replica: RedisServer

  private constructor(nodes: readonly RedisServer[], replica: RedisServer) {
    this.nodes = nodes
    this.replica = replica
  }

  static async start(): Promise<RedisCluster> {
    const [replica, ...nodes] = await Promise.all([startNode(), startNode(), startNode(), startNode()])
    const cluster = new RedisCluster(nodes, replica)
    await cluster.#join()
    return cluster
  }

  get urls(): string[] {
    return this.nodes.map(({ url }) => url)
  }

  /** A prefix whose keys lie on the node with this index, at first. */
  async prefixOn(index: number): Promise<string> {
    const client = (this.nodes[0] as RedisServer).client()
    try {
      for (let count = 0; ; count++) {
        const slot = await client.cluster('KEYSLOT', `app${count}`)
        if (Math.floor(slot / Math.ceil(SLOTS / 3)) === index) return `{app${count}}:`
      }
    } finally {
      client.disconnect()
    }
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.nodes, this.replica].map((node) => node.destroy()))
  }

  async #join(): Promise<void> {
    const clients = [...this.nodes, this.replica].map((node) => node.client())
    const [first, second, last, replica] = clients as [Redis, Redis, Redis, Redis]
    const third = Math.ceil(SLOTS / 3)
    await first.cluster('ADDSLOTSRANGE' as never, 0, third - 1)
    await second.cluster('ADDSLOTSRANGE' as never, third, 2 * third - 1)
    await last.cluster('ADDSLOTSRANGE' as never, 2 * third, SLOTS - 1)
    for (const [epoch, client] of clients.entries()) await client.cluster('SET-CONFIG-EPOCH', epoch + 1)
    for (const { port, busPort } of [...this.nodes, this.replica].slice(1).map(portsOf)) {
      await first.cluster('MEET', '127.0.0.1', port, busPort as never)
    }
    const isWhole = async (client: Redis) => {
      const info = await client.cluster('INFO')
      return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:4')
    }
    await until(
      'the nodes know each other',
      async () => (await Promise.all(clients.map(isWhole))).every(Boolean),
      20_000,
    )
    await replica.cluster('REPLICATE', await first.cluster('MYID'))
    await until(
      'the replica follows',
      async () => /master_link_status:up/.test(await replica.info('replication')),
      20_000,
    )
    for (const client of clients) client.disconnect()
  }
}

const busPorts = new Map<RedisServer, number>()
const portsOf = (node: RedisServer) => ({ port: node.port, busPort: busPorts.get(node) as number })

async function startNode(): Promise<RedisServer> {
  const busPort = await freePort()
  const node = await RedisServer.start(
    ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '1000'],
    ...['--cluster-replica-validity-factor', '0', '--repl-diskless-sync-delay', '0'],
  )
  busPorts.set(node, busPort)
  return node
}
