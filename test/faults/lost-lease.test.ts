import { expect, type TestContext, test } from 'vitest'
import { eventually } from './eventually.ts'
import { expectFaultless, Scene } from './scene.ts'

const WORK = { lease: '1500ms', heartbeat: '400ms' } as const

/** A worker with these jobs, and one that may take them over. */
async function withRescuer(context: TestContext, storage: { renewFor?: `${number}s` } = {}) {
  const scene = await Scene.open(context)
  const url = scene.server.url
  const victim = await scene.worker({ work: WORK, storage: { url, ...storage } })
  const give = async (...orders: { id: string; ms?: number; blockMs?: number; isDeaf?: boolean }[]) => {
    await scene.enqueue(...orders.map((order) => ({ ...order, on: victim.name })))
    await eventually('all have begun', () => scene.ledger.of('begun').length === orders.length)
    return scene.worker({ work: WORK })
  }
  const endsOf = (id: string) => scene.ledger.of('ended', id).map(({ who }) => who)
  return { scene, victim, give, endsOf }
}

test.concurrent('a handler that blocks the event loop for longer than the lease is not robbed', async (context) => {
  const { scene, victim, give, endsOf } = await withRescuer(context)
  await give({ id: 'blocks', blockMs: 8_000 })
  await scene.drained()
  expect(endsOf('blocks')).toEqual([victim.name])
  const verdict = await scene.judge()
  expectFaultless(verdict)
  expect(verdict.performedAgain).toBe(0)
  console.log('a job blocked its event loop for 8 s with a lease of 1.5 s: performed once')
}, 60_000)

test.concurrent('one that blocks for longer than renewFor is robbed, and its late word is refused', async (context) => {
  const { scene, victim, give, endsOf } = await withRescuer(context, { renewFor: '2s' })
  const rescuer = await give({ id: 'blocks', blockMs: 12_000 })
  const [first, again] = await eventually('it runs again', () => {
    const runs = scene.ledger.of('begun', 'blocks')
    return runs.length > 1 ? runs : undefined
  })
  await eventually('the robbed run ends too', () => endsOf('blocks')[1])
  expect(endsOf('blocks')).toEqual([rescuer.name, victim.name])
  await scene.drained()
  scene.excuse(victim)
  // Counted once: by the one who had it.
  expectFaultless(await scene.judge())
  const afterMs = (again?.at ?? 0) - (first?.at ?? 0)
  console.log(
    `a job blocked its event loop for 12 s with renewFor 2 s: ran again after ${(afterMs / 1000).toFixed(1)} s`,
  )
  expect(afterMs).toBeGreaterThan(2_000)
}, 60_000)

test.concurrent('a worker that was stopped for longer than its lease is refused when it goes on', async (context) => {
  const { scene, victim, give, endsOf } = await withRescuer(context)
  const rescuer = await give({ id: 'deaf', ms: 2_000, isDeaf: true }, { id: 'hears', ms: 60_000 })
  victim.signal('SIGSTOP')
  await eventually('the rescuer has performed both', () =>
    ['deaf', 'hears'].every((id) => endsOf(id).includes(rescuer.name)),
  )
  victim.signal('SIGCONT')
  // Its timer was over long ago: it says that it is done before it can have heard that the job is not its own.
  await eventually('the deaf one ends', () => endsOf('deaf')[1])
  const aborted = await eventually('the other one hears', () => scene.ledger.of('aborted', 'hears')[0])
  expect(aborted).toMatchObject({ who: victim.name, name: 'LeaseLostError' })
  expect(endsOf('hears')).toEqual([rescuer.name])
  await scene.enqueue({ id: 'after' })
  await scene.drained()
  scene.excuse(victim)
  expectFaultless(await scene.judge())
  console.log('a worker stopped beyond its lease: 2 jobs recovered, 1 late word refused, 1 signal fired')
}, 60_000)
