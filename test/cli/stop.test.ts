import { describe, expect, test } from 'vitest'
import { until } from '../redis/until.ts'
import { Harbour } from './harbour.ts'

const harbour = new Harbour()

const waiting = async () => {
  const found = []
  for await (const job of harbour.app.queue('default').scan()) found.push(`${job.class} ${job.args[0]}`)
  return found
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('ends an idle worker at once, with 0', async () => {
    const worker = await harbour.work()
    worker.signal(signal)
    expect(await worker.ended()).toBe(0)
    expect(worker.stdout).toMatch(/^stopping\nstopped\n$/m)
    expect(await harbour.app.workers()).toEqual([])
  })

  test('lets a running job finish, and leaves what waits in its queue', async () => {
    await harbour.push('Patient', 2)
    const worker = await harbour.work('-c', '1')
    await worker.says('patient 1 runs')
    worker.signal(signal)
    expect(await worker.ended()).toBe(0)
    expect(worker.stdout).toContain('stopping: 1 job running, with 25 s to finish')
    expect(worker.stdout).toContain('patient 1 ends')
    expect(await waiting()).toEqual(['Patient 2'])
    expect(await harbour.app.stats()).toMatchObject({ processed: 1, running: 0 })
  })

  test('a second one ends it at once', async () => {
    await harbour.push('Deaf')
    const worker = await harbour.work()
    await worker.says('deaf 1 runs')
    worker.signal(signal)
    await worker.says('stopping: 1 job running')
    worker.signal(signal)
    expect(await worker.ended()).toBe(signal === 'SIGINT' ? 130 : 143)
  })
})

test.each(['Obedient', 'Deaf'])('gives back a job that does not end in time: %s', async (job) => {
  await harbour.push(job)
  const worker = await harbour.work('-t', '0.1')
  await worker.says(`${job.toLowerCase()} 1 runs`)
  worker.signal('SIGTERM')
  expect(await worker.ended()).toBe(0)
  expect(worker.stdout).toContain('stopped; 1 job given back unfinished, to run again')
  expect(await waiting()).toEqual([`${job} 1`])
  // No attempt is spent.
  for await (const { payload } of harbour.app.queue('default').scan()) expect(payload?.retry_count).toBeUndefined()
  expect(await harbour.app.stats()).toMatchObject({ processed: 0, running: 0 })
})

test('of 100 running jobs, each is done or given back', async () => {
  for (let number = 1; number <= 100; number++) {
    await harbour.app.client.push({ class: number % 2 ? 'Patient' : 'Obedient', args: [number] })
  }
  const worker = await harbour.work('-c', '100', '-t', '0.5')
  await until('all run', () => worker.stdout.match(/\d runs$/gm)?.length === 100)
  worker.signal('SIGTERM')
  expect(await worker.ended()).toBe(0)
  const done = [...worker.stdout.matchAll(/patient (\d+) ends/g)].map(([, number]) => `Patient ${number}`)
  const all = Array.from({ length: 100 }, (_, index) => `${index % 2 ? 'Obedient' : 'Patient'} ${index + 1}`)
  expect(done).toHaveLength(50)
  expect([...done, ...(await waiting())].toSorted()).toEqual(all.toSorted())
  expect(await harbour.app.stats()).toMatchObject({ processed: 50, failed: 0, running: 0, enqueued: 50 })
})

test('TSTP makes it quiet: what runs goes on, and nothing more is claimed', async () => {
  await harbour.push('Obedient')
  const worker = await harbour.work()
  await worker.says('obedient 1 runs')
  worker.signal('SIGTSTP')
  await until('it is quiet', async () => (await harbour.app.workers())[0]?.quiet === true)
  await harbour.push('Quick')
  // The other worker passes over nothing: only the quiet one might have taken it.
  expect(await waiting()).toEqual(['Quick 1'])
  expect((await harbour.app.workers())[0]?.running).toHaveLength(1)
})

test('TTIN shows what runs, for how long and how far it is', async () => {
  await harbour.push('Patient')
  const worker = await harbour.work()
  await worker.says('patient 1 runs')
  worker.signal('SIGTTIN')
  await worker.says(
    /^running, claiming, 1 job running\n {2}Patient [0-9a-f]{24} from default, attempt 1, for \d+\.\d s, at 1 of 4 \(waiting\)\n {2}the process waits for .*\d TCPSocketWrap/m,
  )
})

test('a stop through the storage ends the process too', async () => {
  const worker = await harbour.work()
  await until('the storage has heard of it', async () => (await harbour.app.workers()).length === 1)
  await harbour.app.signal((await harbour.app.workers())[0]?.worker ?? '', 'stop')
  expect(await worker.ended()).toBe(0)
  expect(worker.stdout).toContain('\nstopped\n')
})
