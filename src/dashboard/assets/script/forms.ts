import { documentOf, find, make, type Page, showMain } from './page.ts'

/**
 * Sends the forms that change something: one at a time, however often somebody clicks. Where the dashboard asks first,
 * it asks in a dialog over the list instead of on a page of its own.
 */
export function sendForms(page: Page): void {
  let isSending = false
  page.root.addEventListener(
    'submit',
    async (event) => {
      const form = event.target
      if (!(form instanceof HTMLFormElement) || form.method !== 'post') return
      event.preventDefault()
      if (isSending) return
      isSending = true
      const { submitter } = event as SubmitEvent
      submitter?.setAttribute('aria-busy', 'true')
      await send(page, form, submitter).catch(() => page.say(page.words.say('page_unconnected')))
      submitter?.removeAttribute('aria-busy')
      isSending = false
    },
    { signal: page.signal },
  )
}

async function send(page: Page, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const action = submitter?.getAttribute('formaction') ?? form.getAttribute('action') ?? ''
  const fields = fieldsOf(form, submitter)
  const answer = await page.ask(new URL(action, page.address()), fields)
  if (page.signal.aborted) return
  form.closest('dialog')?.close()
  const other = documentOf(answer)
  if (answer.isRedirected) return page.go(withPreferences(answer.address, fields, other))
  const question = find(other, 'form.question')
  if (question) ask(page, find(other, 'h1')?.textContent ?? '', question)
  else showMain(page, other)
}

function fieldsOf(form: HTMLFormElement, submitter: HTMLElement | null): URLSearchParams {
  const fields = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))
  // Not by FormData's second argument: it refuses the button of a form that is in a dialog by now.
  if (submitter instanceof HTMLButtonElement && submitter.name) fields.append(submitter.name, submitter.value)
  return fields
}

/** A choice of language or theme that no cookie kept (a service worker has none) goes along in the address. */
function withPreferences(address: URL, fields: URLSearchParams, other: Document): URL {
  const { lang, dataset } = other.documentElement
  const kept = { lang, theme: dataset.theme }
  for (const [name, field] of [['lang', 'language'] as const, ['theme', 'theme'] as const]) {
    const chosen = fields.get(field)
    if (fields.has('path') && chosen && kept[name] !== chosen) address.searchParams.set(name, chosen)
  }
  return address
}

/** The dashboard's own question, over the page: its words and its count are the server's. */
function ask(page: Page, title: string, question: HTMLElement): void {
  const dialog = make('dialog', {}, make('h2', { textContent: title, id: 'question' }), question)
  dialog.setAttribute('aria-labelledby', 'question')
  const back = find(question, 'a')
  const keep = make('button', { type: 'button', onclick: () => dialog.close() }, back?.textContent ?? '')
  back?.replaceWith(keep)
  dialog.onclose = () => dialog.remove()
  find(page.root, 'main')?.append(dialog)
  dialog.showModal()
  // What cannot be taken back is not what Enter does first.
  keep.focus()
}
