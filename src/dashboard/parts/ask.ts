import { type Html, html } from '../html.ts'
import type { Page, Section } from '../route.ts'
import type { Visit } from '../visit.ts'

interface Question {
  readonly title: string
  /** What will happen, and to how many. */
  readonly sentence: string
  readonly button: string
  /** Where the answer goes, and what goes with it; each field may stand more than once. */
  readonly action: string
  readonly fields: readonly (readonly [name: string, value: string | number])[]
  readonly back: string
  readonly under: Section
}

/** A page that asks before something is done that cannot be taken back. Yes is the same form again, with `sure`. */
export function ask({ locale }: Visit, { title, sentence, button, action, fields, back, under }: Question): Page {
  const hidden: Html[] = [...fields, ['sure', 'yes'] as const].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return {
    title,
    under,
    body: html`<form method="post" action="${action}" class="question">
${hidden}
<p>${sentence}</p>
<button class="delete" data-autofocus="true">${button}</button> <a href="${back}">${locale.t('keepAll')}</a>
</form>`,
  }
}
