import { equal, ok } from '../assert.ts'
import { jids, job, jobs, push, pushId } from '../jobs.ts'
import { jidsIn, keysIn, waiting } from '../places.ts'
import type { Store, Test } from '../store.ts'
import { HOUR, LEASE, MINUTE, SECOND } from '../time.ts'
import { done, type TestWorker } from '../workers.ts'

const sorted = (names: readonly string[]): string[] => [...names].sort()

/** Claims and settles, many requests at a time, until there is nothing left; answers what it got. */
async function consume(w: TestWorker): Promise<string[]> {
  const lanes = Array.from({ length: 4 }, (_, n) => consumeLane(w, `lane-${n}`))
  return (await Promise.all(lanes)).flat()
}

async function consumeLane(w: TestWorker, lane: string): Promise<string[]> {
  const got: string[] = []
  let claimed = await w.claim(25, { lane })
  while (claimed.length > 0) {
    got.push(...jids(claimed))
    claimed = await w.claim(25, { lane, settlements: claimed.map((each) => done(each)) })
  }
  return got
}

async function pushMany(storage: Store['storage'], name: string, count: number, delayMs = 0): Promise<string[]> {
  const entries = jobs(name, count, { delayMs })
  for (let from = 0; from < count; from += 1_000) await push(storage, ...entries.slice(from, from + 1_000))
  return entries.map(({ jid }) => jid)
}

export function races(test: Test): void {
  test('two consumers race for 10,000 jobs, and each job is claimed once', async ({ storage, connect, worker }) => {
    const all = await pushMany(storage, 'job', 10_000)
    const consumers = [worker('w1'), worker('w2', { storage: await connect() })]
    const got = (await Promise.all(consumers.map(consume))).flat()
    equal(got.length, all.length, 'the number of jobs claimed')
    equal(sorted(got), sorted(all))
    const { enqueued, running, processed } = await storage.stats(0)
    equal({ enqueued, running, processed }, { enqueued: 0, running: 0, processed: 10_000 })
  })

  test('a job on its way is always in one place', async ({ storage, connect, worker }) => {
    await pushMany(storage, 'job', 200)
    const [watcher, w] = [await connect(), worker('w')]
    const seen: number[] = []
    const look = async () => {
      const { enqueued, running, processed } = await watcher.stats(0)
      seen.push(enqueued + running + processed)
    }
    await Promise.all([consume(w), ...Array.from({ length: 20 }, look)])
    equal(seen, Array(20).fill(200))
  })

  test('a push is seen wholly or not at all', async ({ storage, connect }) => {
    const watcher = await connect()
    const seen: number[] = []
    const look = async () => seen.push((await watcher.stats(0)).enqueued)
    const pushes = Array.from({ length: 10 }, (_, n) => {
      const halves = [...jobs(`a-${n}`, 25, { queue: 'a' }), ...jobs(`b-${n}`, 25, { queue: 'b' })]
      return [push(storage, ...halves), look()]
    })
    await Promise.all(pushes.flat())
    equal(
      seen.filter((enqueued) => enqueued % 50 !== 0),
      [],
    )
  })

  test('a push sent several times at once is stored once', async ({ storage, connect }) => {
    const connections = [storage, await connect(), await connect()]
    const id = pushId()
    await Promise.all(connections.map((each) => each.push(jobs('job', 10), id)))
    equal((await waiting(storage)).length, 10)
  })

  test('a chosen jid pushed by several at once is stored once', async ({ storage, connect }) => {
    const connections = [storage, await connect(), await connect()]
    const answers = await Promise.all(connections.map((each) => push(each, job('chosen', { chosen: true }))))
    equal(answers, [[], [], []])
    equal(await waiting(storage), ['chosen'])
  })

  test('of several jobs with one unique lock one is stored', async ({ storage, connect }) => {
    const connections = [storage, await connect(), await connect()]
    const unique = { key: 'lock', forMs: HOUR }
    const answers = await Promise.all(connections.map((each, n) => push(each, job(`job-${n}`, { unique }))))
    const [holder, ...others] = await waiting(storage)
    equal(others, [])
    equal(answers.flat(), Array(2).fill({ index: 0, holder }))
  })

  test('however many promote, each job is promoted once', async ({ storage, connect, advance }) => {
    const all = await pushMany(storage, 'job', 500, MINUTE)
    await advance(MINUTE)
    const promoters = [storage, await connect(), await connect(), await connect()]
    let promoted = 0
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(promoters.map((each) => each.promote(50)))
      for (const answer of answers) promoted += answer.promoted
    }
    equal(promoted, 500)
    equal(sorted(await waiting(storage)), sorted(all))
  })

  test('a job is promoted or moved, not both', async ({ storage, connect, advance }) => {
    const all = await pushMany(storage, 'job', 100, MINUTE)
    await advance(MINUTE)
    const moves = (await keysIn(storage, 'scheduled')).reverse().map((key) => ({ key, to: 'dead' as const }))
    const other = await connect()
    const [first, moved, second] = await Promise.all([
      storage.promote(30),
      other.move('scheduled', moves),
      other.promote(100),
    ])
    const dead = await jidsIn(storage, 'dead')
    equal(dead.length, moved.filter(Boolean).length)
    equal(first.promoted + second.promoted + dead.length, 100)
    equal(sorted([...dead, ...(await waiting(storage))]), sorted(all))
  })

  test('a cancelled job is claimed or gone, not both', async ({ storage, connect, worker }) => {
    const all = await pushMany(storage, 'job', 60)
    const other = await connect()
    const [answers, ...claims] = await Promise.all([
      Promise.all(all.map(async (jid) => [jid, await other.cancel(jid)] as const)),
      ...Array.from({ length: 6 }, (_, n) => worker(`w${n}`).claim(10)),
    ])
    const gone = answers.filter(([, answer]) => answer === 'waiting').map(([jid]) => jid)
    const running = answers.filter(([, answer]) => answer === 'running').map(([jid]) => jid)
    const claimed = jids(claims.flat())
    equal(new Set([...gone, ...claimed]).size, gone.length + claimed.length, 'the number of different jobs')
    for (const jid of running) ok(claimed.includes(jid), `${jid}, which was running, to be claimed`)
    equal(gone.length + claimed.length + (await waiting(storage)).length, 60)
  })

  test('however many recover, each job is recovered once', async (store) => {
    const { storage, connect, worker, live, lose } = store
    await pushMany(storage, 'job', 30)
    for (const lost of [worker('lost1'), worker('lost2'), worker('lost3')]) {
      await lost.claim(10)
      await lose(lost)
    }
    const rescuers = [
      worker('r1'),
      worker('r2', { storage: await connect() }),
      worker('r3', { storage: await connect() }),
    ]
    await live(LEASE + SECOND, ...rescuers)
    const answers = await Promise.all(rescuers.map((each) => each.storage.recover(each.id)))
    equal(
      answers.reduce((sum, { requeued }) => sum + requeued, 0),
      30,
    )
    equal((await waiting(storage)).length, 30)
    const claimed = await worker('w').claim(30)
    ok(
      claimed.every(({ recoveries }) => recoveries === 1),
      'each job to be counted once',
    )
  })

  test('a late settle and the recovery of its job: one of them wins', async (store) => {
    const { storage, worker, live, lose } = store
    await pushMany(storage, 'job', 20)
    const [lost, rescuer] = [worker('lost'), worker('rescuer')]
    const claimed = await lost.claim(20)
    await lose(lost)
    await live(LEASE + SECOND, rescuer)
    const settled = claimed.map((each, n) => lost.exchange({ lane: `lane-${n}`, settlements: [done(each)] }))
    const [{ requeued }, ...answers] = await Promise.all([storage.recover('rescuer'), ...settled])
    const refused = answers.flatMap((answer) => answer.refused).length
    equal(refused, requeued)
    const { processed, enqueued } = await storage.stats(0)
    equal({ processed, enqueued }, { processed: 20 - requeued, enqueued: requeued })
  })
}
