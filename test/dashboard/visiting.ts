import { Window } from 'happy-dom'
import { memoryStorage } from 'quayside/memory'
import { onTestFinished } from 'vitest'
import { type DashboardOptions, dashboard } from '../../src/dashboard/index.ts'
import { pier } from '../engine/support/pier.ts'

const ORIGIN = 'http://localhost:3000'

type Fields = Readonly<Record<string, string | number | readonly string[]>>

/** An app with a dashboard, and a browser of sorts in front of it. By default everybody may do everything. */
export function visiting(options: DashboardOptions = {}) {
  const here = pier({ storage: memoryStorage() })
  const handler = dashboard(here.app, { authorize: () => 'all', ...options })
  const base = options.basePath ?? ''

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    handler(new Request(ORIGIN + base + path, { headers }))
  const posting = (path: string, fields: Fields = {}, headers: Record<string, string> = {}): Request =>
    new Request(ORIGIN + base + path, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', ...headers },
      body: formOf(fields),
    })
  const post = (path: string, fields?: Fields, headers?: Record<string, string>): Promise<Response> =>
    handler(posting(path, fields, headers))
  /** A page, read as a browser reads it. */
  const see = async (path: string, headers?: Record<string, string>) => documentOf(await get(path, headers))
  /** What a form leads to: the page behind the redirect. */
  const submit = async (path: string, fields: Fields = {}) => {
    const answer = await post(path, fields)
    const to = answer.headers.get('location')
    return to === null ? documentOf(answer) : documentOf(await handler(new Request(ORIGIN + to)))
  }
  return { ...here, handler, get, post, posting, see, submit }
}

function formOf(fields: Fields): URLSearchParams {
  return new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)])),
  )
}

async function documentOf(answer: Response) {
  const window = new Window()
  onTestFinished(() => window.happyDOM.close())
  window.document.write(await answer.text())
  return window.document
}
