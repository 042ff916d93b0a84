import { describe, expect, test } from 'vitest'
import type { AuditEvent } from '../../src/dashboard/index.ts'
import { harbour } from './harbour.ts'
import { visiting } from './visiting.ts'

type Here = Awaited<ReturnType<typeof harbour>>

/** The fields of a list's form, with the rows whose text has `part` in it selected. */
async function select(here: Here, path: string, part = '') {
  const document = await here.see(path)
  const rows = [...document.querySelectorAll('table.jobs tbody tr')].filter((row) => row.textContent.includes(part))
  return { job: rows.map((row) => row.querySelector('input')?.getAttribute('value') as string) }
}

const status = (document: { querySelector(of: string): { textContent: string } | null }) =>
  document.querySelector('[role=status]')?.textContent

describe('selected jobs', () => {
  test('are retried at once', async () => {
    const here = await harbour()
    const document = await here.submit('/retries/retry', await select(here, '/retries', 'Oslo'))
    expect(status(document)).toBe('1 job was enqueued again.')
    expect(document.querySelectorAll('table.jobs tbody tr')).toHaveLength(1)
  })

  test.each(['kill', 'delete'])('are asked about before %s, with their count', async (action) => {
    const here = await harbour()
    const asked = await here.submit(`/retries/${action}`, await select(here, '/retries'))
    expect(asked.querySelector('form.question p')?.textContent).toMatch(/^2 jobs will /)
    expect(await here.app.retries.size()).toBe(2)
    const fields = [...asked.querySelectorAll('form.question input')].map((input) => [
      input.getAttribute('name') as string,
      input.getAttribute('value') as string,
    ])
    const body = new URLSearchParams(fields).toString()
    const address = asked.querySelector('form.question')?.getAttribute('action') as string
    const answer = await here.handler(
      new Request(`http://localhost${address}`, {
        method: 'POST',
        body,
        headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
      }),
    )
    expect(answer.status).toBe(303)
    expect(await here.app.retries.size()).toBe(0)
    expect(await here.app.dead.size()).toBe(action === 'kill' ? 3 : 1)
  })

  test('that moved on meanwhile are left alone', async () => {
    const here = await harbour()
    const selected = await select(here, '/retries')
    const [first] = (await here.app.retries.page()).jobs
    await here.app.retries.delete(first as never)
    const document = await here.submit('/retries/delete', { ...selected, sure: 'yes' })
    expect(status(document)).toBe('1 job was deleted.')
  })

  test('are found where they are now, when many came before them', async () => {
    const here = visiting()
    const later = here.job('Later')
    await later.performIn('1d', 'this one')
    const selected = await select(here as never, '/scheduled')
    await later.performBulk(Array.from({ length: 999 }, (_, index) => [index]))
    await here.pass(1)
    for (let hour = 1; hour < 4; hour++)
      await later.set({ wait: `${hour}h` }).performBulk(Array.from({ length: 500 }, () => [hour]))
    expect(status(await here.submit('/scheduled/delete', { ...selected, sure: 'yes' }))).toBe('1 job was deleted.')
    expect(await here.app.scheduled.size()).toBe(1_500)
  })

  test('are found on a page so far behind that no search would come there', async () => {
    const here = visiting()
    await here.job('Work').performBulk(Array.from({ length: 7_030 }, (_, index) => [index]))
    const { job } = await select(here as never, '/queues/default?page=281', '7010')
    const document = await here.submit('/queues/default/delete', { job, page: 281, sure: 'yes' })
    expect(status(document)).toBe('1 job was deleted.')
  })
})

describe('one job', () => {
  const first = async (here: Here, path: string) => {
    const link = (await here.see(path)).querySelector('table.jobs th a')?.getAttribute('href') as string
    const { searchParams } = new URL(link, 'http://localhost')
    return { id: searchParams.get('id') as string, jid: searchParams.get('jid') as string }
  }

  test('becomes due at another time', async () => {
    const here = await harbour()
    const document = await here.submit('/scheduled/reschedule', {
      ...(await first(here, '/scheduled')),
      amount: 2,
      unit: 'd',
    })
    expect(status(document)).toBe('1 job is due at another time.')
    const [job] = (await here.app.scheduled.page()).jobs
    expect(job?.at?.getTime()).toBe(here.clock.now() + 2 * 86_400_000)
  })

  test('is copied with other arguments, exact to the last digit', async () => {
    const here = await harbour()
    const args = '[12345678901234567890, 1.0, "ö"]'
    await here.submit('/dead/copy', { ...(await first(here, '/dead')), args })
    await here.app.queue('cargo').pause()
    await here.submit('/scheduled/copy', { ...(await first(here, '/scheduled')), args })
    const { jobs } = await here.app.queue('mail').page()
    expect(jobs.map(({ text }) => text).find((text) => text.includes(`"args":${args}`))).toBeDefined()
    expect(await here.app.dead.size()).toBe(1)
  })

  test('is not copied with arguments that are none', async () => {
    const here = await harbour()
    const document = await here.submit('/scheduled/copy', { ...(await first(here, '/scheduled')), args: '{"a":1}' })
    expect(document.querySelector('[role=alert]')?.textContent).toBe(
      'args is not an array; pass one such as [7, "visa"]',
    )
    expect(document.querySelector('textarea')?.textContent).toContain('{"a":1}')
    expect(await here.app.queue('mail').size()).toBe(1)
  })
})

describe('queues and workers', () => {
  test('a queue is paused, goes on, and is cleared after a question', async () => {
    const here = await harbour()
    await here.submit('/queues/mail/pause')
    expect(await here.app.queue('mail').isPaused()).toBe(true)
    await here.submit('/queues/mail/resume')
    expect(await here.app.queue('mail').isPaused()).toBe(false)
    expect((await here.submit('/queues/mail/clear')).querySelector('form.question p')?.textContent).toBe(
      '1 job of mail will be deleted for good.',
    )
    expect(status(await here.submit('/queues/mail/clear', { sure: 'yes' }))).toBe('The queue was cleared of 1 job.')
    expect(await here.app.queue('mail').size()).toBe(0)
  })

  test('a running job is cancelled, and a worker made quiet', async () => {
    const here = await harbour()
    expect(status(await here.submit('/busy/cancel', { jid: here.sailing }))).toBe('1 job is being cancelled.')
    expect(status(await here.submit('/busy/signal', { worker: here.worker.id, signal: 'quiet' }))).toBe(
      '1 worker will hear of it.',
    )
    await here.pass(10_000)
    expect(here.worker.health().status).toBe('quiet')
    expect(status(await here.submit('/busy/signal', { worker: 'nobody', signal: 'stop' }))).toBe(
      '0 workers will hear of it.',
    )
  })
})

describe('all that match', () => {
  test('are asked about, done in batches, and counted; the others stay', async () => {
    const here = visiting()
    await here.job('One').performBulk(Array.from({ length: 1_300 }, () => ['x']))
    await here.job('Two').performBulk(Array.from({ length: 700 }, () => ['x']))
    const asked = await here.submit('/queues/default/delete', { scope: 'all', class: 'One' })
    expect(asked.querySelector('form.question p')?.textContent).toBe('1,300 jobs will be deleted for good.')
    const works: Promise<unknown>[] = []
    const answer = await here.handler(
      here.posting('/queues/default/delete', { scope: 'all', class: 'One', sure: 'yes' }),
      {
        waitUntil: (work) => works.push(work),
      },
    )
    await Promise.all(works)
    const page = await here.see(answer.headers.get('location') as string)
    expect(page.querySelector('main')?.textContent).toContain('This is done.')
    expect(page.querySelector('main')?.textContent).toContain('1,300 jobs were deleted.')
    expect(await here.app.queue('default').size()).toBe(700)
  })

  test('are worked on once, however often the button is pressed', async () => {
    const here = visiting()
    await here.job('One').performBulk(Array.from({ length: 2_000 }, () => ['x']))
    const order = { scope: 'all', sure: 'yes' }
    const [one, two] = await Promise.all([
      here.post('/queues/default/delete', order),
      here.post('/queues/default/delete', order),
    ])
    const path = (answer: Response) => answer.headers.get('location')?.split('?')[0]
    expect(path(two)).toBe(path(one))
  })

  test('can be stopped half way', async () => {
    const here = visiting()
    await here.job('One').performBulk(Array.from({ length: 2_000 }, () => ['x']))
    const works: Promise<unknown>[] = []
    const answer = await here.handler(here.posting('/queues/default/delete', { scope: 'all', sure: 'yes' }), {
      waitUntil: (work) => works.push(work),
    })
    const bulk = answer.headers.get('location')?.split('?')[0] as string
    expect((await here.post(`${bulk}/stop-delete`)).status).toBe(303)
    await Promise.all(works)
    expect((await here.see(bulk)).querySelector('main')?.textContent).toContain('This was stopped.')
    expect(await here.app.queue('default').size()).toBeGreaterThan(0)
  })
})

test('each action is told to the audit and to the log, with who did it', async () => {
  const events: AuditEvent[] = []
  const here = await harbour({
    authorize: () => ({ access: 'all', user: 'ada' }),
    audit: (event) => {
      events.push(event)
      throw new Error('the audit is broken')
    },
  })
  await here.submit('/retries/retry', await select(here, '/retries', 'Oslo'))
  expect(events).toEqual([
    {
      action: 'retried',
      user: 'ada',
      atMs: here.clock.now(),
      count: 1,
      about: { place: '/retries', jids: [expect.any(String)] },
    },
  ])
  expect(here.lines).toContainEqual(['info', events[0], 'dashboard: retried'])
  expect(here.lines.map(([, , message]) => message)).toContain('the audit of the dashboard threw')
})

test('what is done is said in words of ours only', async () => {
  const { see } = visiting()
  expect(status(await see('/?done=done_retried&count=3'))).toBe('3 jobs were enqueued again.')
  for (const query of [
    'done=<b>you won</b>&count=1',
    'done=overview&count=1',
    'done=done_retried&count=x',
    'done=__proto__',
  ]) {
    expect(status(await see(`/?${query}`))).toBe('')
  }
})
