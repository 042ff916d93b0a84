import { describe, expect, test } from 'vitest'
import { type Absence, SoughtJob } from '../../../src/watch/sought-job.ts'

const absence = (now: number, others: Partial<Absence> = {}): Absence => ({
  now,
  isKnown: false,
  isAnyHidden: false,
  isAnyoneAlive: true,
  beats: new Map(),
  ...others,
})

const missedTwice = (job: SoughtJob, others: Partial<Absence>) => {
  for (const now of [0, 100]) job.missed(absence(now, others))
  return job.state?.state
}

function seen(): SoughtJob {
  const job = new SoughtJob('a')
  job.found({ jid: 'a', state: 'waiting', class: 'A', queue: 'mail', attempt: 1 })
  return job
}

describe('a job that is found nowhere', () => {
  test('once may only have moved', () => {
    const job = seen()
    job.missed(absence(0))
    expect([job.state?.state, job.isToBeConfirmed]).toEqual(['waiting', true])
    job.found({ jid: 'a', state: 'running' })
    expect(job.isToBeConfirmed).toBe(false)
    job.missed(absence(200))
    expect(job.state?.state).toBe('running')
  })

  test('twice is done if it was seen, or enqueued here', () => {
    expect(missedTwice(seen(), {})).toBe('done')
    expect(missedTwice(new SoughtJob('a'), { isKnown: true })).toBe('done')
    expect(missedTwice(new SoughtJob('a'), {})).toBe('unknown')
  })

  test('and unknown is looked for again: it may come, and then go', () => {
    const job = new SoughtJob('a')
    expect(missedTwice(job, {})).toBe('unknown')
    expect(missedTwice(job, {})).toBe('unknown')
    job.found({ jid: 'a', state: 'waiting' })
    expect(missedTwice(job, {})).toBe('done')
  })

  test('while workers keep more than they show stays as it was, for ten seconds', () => {
    const job = seen()
    expect(missedTwice(job, { isAnyHidden: true })).toBe('waiting')
    job.missed(absence(9_999, { isAnyHidden: true }))
    expect(job.state?.state).toBe('waiting')
    job.missed(absence(10_000, { isAnyHidden: true }))
    expect(job.state?.state).toBe('done')
  })

  test('while a worker has not said since what it performs stays as it was', () => {
    const job = seen()
    const beats = (w: number, v?: number) => new Map([['w', w], ...(v === undefined ? [] : [['v', v] as const])])
    job.missed(absence(0, { beats: beats(1, 1) }))
    job.missed(absence(100, { beats: beats(1, 2) }))
    expect(job.state?.state).toBe('waiting')
    job.missed(absence(200, { beats: beats(1) }))
    expect(job.state?.state).toBe('waiting')
    job.missed(absence(300, { beats: beats(2) }))
    expect(job.state?.state).toBe('done')
  })

  test('while nobody lives who would recover it stays as it was for ever', () => {
    const job = seen()
    const others = { isAnyHidden: true, isAnyoneAlive: false }
    missedTwice(job, others)
    job.missed(absence(1e9, others))
    expect(job.state?.state).toBe('waiting')
  })

  test('while workers keep more than they show, and was never seen, waits there', () => {
    expect(missedTwice(new SoughtJob('a'), { isKnown: true, isAnyHidden: true })).toBe('waiting')
  })
})

describe('a job that is done', () => {
  test('stays so, whatever an older look says', () => {
    const job = seen()
    job.finish()
    job.found({ jid: 'a', state: 'running' })
    job.missed(absence(0))
    job.outOfReach(true)
    expect(job.state).toEqual({ jid: 'a', state: 'done', class: 'A', queue: 'mail', attempt: 1 })
    expect(job.isToBeConfirmed).toBe(false)
  })
})

test('a job out of reach stays as it was, and waits if it was never seen', () => {
  const [job, known, unknown] = [seen(), new SoughtJob('a'), new SoughtJob('a')]
  job.outOfReach(false)
  known.outOfReach(true)
  unknown.outOfReach(false)
  expect([job, known, unknown].map(({ state }) => state?.state)).toEqual(['waiting', 'waiting', 'unknown'])
  expect(job.state?.queue).toBe('mail')
})
