import { find, type Page } from './page.ts'

/** A choice of theme or language holds at once, without a button. */
export function applyPreferences({ root, signal }: Page): void {
  const form = find(root, 'form.preferences') as HTMLFormElement | null
  const button = form && find(form, 'button')
  if (!form || !button) return
  button.hidden = true
  form.addEventListener(
    'change',
    ({ target }) => {
      const page = find(root, 'html')
      if (page && target instanceof HTMLSelectElement && target.name === 'theme') page.dataset.theme = target.value
      form.requestSubmit()
    },
    { signal },
  )
}
