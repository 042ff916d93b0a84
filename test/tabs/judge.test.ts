import { expect, test } from 'vitest'
import { type Fate, judge } from './judge.ts'
import type { Note } from './orders.ts'

/** `'1 a begun'`: at one o'clock, page a notes that its run began. */
function verdictOn(story: string, fates: Record<string, Fate> = {}, dead: string[] = [], kept = ['job']) {
  const notes = story.split(', ').map((told): Note => {
    const [at, who = '', what] = told.split(' ')
    return { at: Number(at), who, what: what as Note['what'], id: 'job' }
  })
  return judge(notes, new Map(Object.entries(fates)), { dead, kept })
}

const fine = { lost: [], overlapping: [], unexplained: [] }

test('a job that was stored has to be performed, or dead', () => {
  expect(verdictOn('1 a stored, 2 b begun, 3 b ended')).toMatchObject({ ...fine, stored: 1, performed: 1 })
  expect(verdictOn('1 a stored, 2 b begun')).toMatchObject({ ...fine, lost: ['job: 1 a stored, 2 b begun'] })
  expect(verdictOn('1 a stored, 2 b begun', {}, ['job'])).toMatchObject({ ...fine, dead: 1 })
})

test('what the browser has forgotten as a whole is no loss of the library', () => {
  expect(verdictOn('1 a stored', {}, [], [])).toMatchObject({ ...fine, forgotten: 1 })
  expect(verdictOn('1 a stored, 2 a begun, 3 a ended', {}, [], [])).toMatchObject({ ...fine, forgotten: 0 })
})

test('a run that begins while another goes on overlaps, but for pages that are gone or frozen', () => {
  const story = '1 a begun, 3 b begun, 4 b ended'
  expect(verdictOn(story).overlapping).toEqual([`job: ${story}`])
  expect(verdictOn('1 a begun, 3 b begun, 4 b ended, 5 a ended').overlapping).toHaveLength(1)
  expect(verdictOn(story, { a: { goneAt: 2, frozen: [] } })).toMatchObject({ ...fine, performedAgain: 1, robbed: 0 })
  expect(verdictOn(story, { a: { goneAt: 3.5, frozen: [] } }).overlapping).toHaveLength(1)
  expect(verdictOn(story, { a: { frozen: [{ from: 1.5, to: 2 }] } })).toMatchObject({ ...fine, robbed: 1 })
  expect(verdictOn(story, { a: { frozen: [{ from: 3.5, to: 5 }] } }).overlapping).toHaveLength(1)
})

test('what was performed is not performed again without a reason', () => {
  expect(verdictOn('1 a begun, 2 a ended, 3 b begun, 4 b ended')).toMatchObject({
    overlapping: [],
    unexplained: [expect.any(String)],
  })
  expect(verdictOn('1 a begun, 2 a failed, 3 b begun, 4 b ended')).toMatchObject(fine)
  expect(verdictOn('1 a begun, 2 a aborted, 3 b begun, 4 b ended')).toMatchObject(fine)
  expect(verdictOn('1 a begun, 2 a ended, 3 b begun', { a: { goneAt: 2.5, frozen: [] } })).toMatchObject(fine)
})
