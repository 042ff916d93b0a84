import type { Postcard } from './app.ts'

/** What the form says: the postcard, and when to send it ('' is now). */
export function readForm(form: HTMLFormElement): { card: Postcard; wait: string } {
  const fields = new FormData(form)
  const textOf = (name: string): string => String(fields.get(name) ?? '')
  const card = {
    to: textOf('to'),
    text: textOf('text'),
    seconds: Number(textOf('seconds')),
    refusals: Number(textOf('refusals')),
  }
  return { card, wait: textOf('wait') }
}
