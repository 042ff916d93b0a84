import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { failing, until } from '../redis/until.ts'
import { sleep } from './eventually.ts'
import { now } from './programs/note.mjs'
import { expectFaultless, Scene } from './scene.ts'

/** A state in which Redis answers, and does nothing. */
interface Refusal {
  readonly word: string
  /** What producers are told. */
  readonly message: RegExp
  readonly seconds: number
  /** Resolves when Redis refuses. */
  begin(scene: Scene, redis: Redis): Promise<unknown>
  /** Resolves when it does so no more. */
  end(scene: Scene, redis: Redis): Promise<unknown>
}

const REFUSALS: readonly Refusal[] = [
  {
    word: 'LOADING',
    message: /loading/,
    // Longer than a call waits.
    seconds: 7,
    async begin({ server }, redis) {
      // Each key takes long to load, and is so large that Redis looks at its connections after each.
      await redis.config('SET', 'rdbcompression', 'no')
      await redis.call('debug', 'populate', 100, 'filling', 2_000)
      await redis.call('bgrewriteaof')
      await until('it is rewritten', async () => /aof_rewrite_in_progress:0/.test(await redis.info('persistence')))
      await server.stop()
      started = server.start('--key-load-delay', '100000', '--loading-process-events-interval-bytes', '1024')
      await until('it loads', () =>
        redis.info('persistence').then(
          (info) => /loading:1/.test(info),
          () => false,
        ),
      )
    },
    async end(_, redis) {
      await redis.config('SET', 'key-load-delay', '0')
      await started
    },
  },
  {
    word: 'READONLY',
    message: /replica/,
    seconds: 7,
    begin: (_, redis) => redis.replicaof('127.0.0.1', 1),
    end: (_, redis) => redis.replicaof('NO', 'ONE'),
  },
  {
    word: 'BUSY',
    message: /busy with a script/,
    seconds: 3,
    async begin(scene, redis) {
      await redis.config('SET', 'busy-reply-threshold', '1')
      scene
        .redis()
        .eval('while true do end', 0)
        .catch(() => {})
      await failing(until('it answers no more', () => redis.ping().then(() => false)))
    },
    end: (_, redis) => redis.script('KILL'),
  },
  {
    word: 'MISCONF',
    message: /cannot save to its disk/,
    seconds: 3,
    async begin(_, redis) {
      // No file system takes a name as long as that.
      await redis.config('SET', 'save', '3600 1', 'dbfilename', 'a'.repeat(300))
      await redis.bgsave()
      await until('saving fails', async () => /rdb_last_bgsave_status:err/.test(await redis.info('persistence')))
    },
    end: (_, redis) => redis.config('SET', 'save', ''),
  },
]

const BY_WORD = REFUSALS.map((refusal) => [refusal.word, refusal] as const)

/** A start of Redis that has not ended. */
let started: Promise<void> | undefined

test.concurrent.for(BY_WORD)(
  '%s: producers are told, workers go on, nothing is lost',
  { timeout: 60_000 },
  async ([, refusal], context) => {
    const debugging = ['--enable-debug-command', 'yes', '--enable-protected-configs', 'yes']
    const scene = await Scene.open(context, '--appendonly', 'yes', ...debugging)
    // It talks to a Redis that is loading, too.
    const redis = scene.redis({ enableReadyCheck: false })
    const workers = await scene.workers(2)
    const producer = await scene.producer({ mix: [{ ms: 2, isOwn: true }, { ms: 2 }], lanes: 4, pauseMs: 20 })

    await refusal.begin(scene, redis)
    await sleep(refusal.seconds * 1_000)
    const refused = scene.ledger.of('refused')
    await refusal.end(scene, redis)
    const backAt = now()
    const wentOn = await Promise.all(
      workers.map(({ name }) => scene.noted(({ what, who, at }) => what === 'begun' && who === name && at > backAt)),
    )

    await producer.stop()
    await scene.drained()
    const verdict = await scene.judge()
    const wentOnMs = wentOn.map(({ at }) => Math.round(at - backAt))
    console.log(
      `${refusal.word} for ${refusal.seconds} s: ${refused.length} enqueues refused, workers went on after ` +
        `${wentOnMs.join(', ')} ms; ${verdict.stored} jobs acknowledged, ${verdict.lost.length} lost`,
    )
    expectFaultless(verdict)
    expect(refused.length).toBeGreaterThan(0)
    for (const { name } of refused) expect(name).toBe('StorageUnavailableError')
    expect(refused.some(({ message = '', outcome }) => refusal.message.test(message) && outcome === 'none')).toBe(true)
    for (const { ms } of refused) expect(ms).toBeLessThan(6_000)
    for (const ms of wentOnMs) expect(ms).toBeLessThan(5_000)
  },
)
