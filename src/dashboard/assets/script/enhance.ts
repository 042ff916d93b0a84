import { dressCharts } from './charts.ts'
import { sendForms } from './forms.ts'
import { listenToKeys } from './keys.ts'
import { goLive } from './live.ts'
import { find, type Page, pageOf } from './page.ts'
import { applyPreferences } from './preferences.ts'
import { followProgress } from './progress.ts'
import { dressSelection } from './selection.ts'
import type { Surroundings } from './surroundings.ts'
import { dressTables } from './tables.ts'
import { dressTimes, tellTimes, tellZone } from './times.ts'

/** Makes a page that is complete without script better, until `signal` fires. */
export function enhance(here: Surroundings, signal: AbortSignal): void {
  const page = pageOf(here, signal, [dressTimes, dressTables, dressSelection, dressCharts])
  page.dress(page.root)
  goLive(page)
  tellTimes(page)
  tellZone(page)
  sendForms(page)
  applyPreferences(page)
  followProgress(page)
  listenToKeys(page)
  tellOutcome(page)
  find(page.root, '[data-autofocus]')?.focus()
  revealCurrent(page)
}

/** What was done is said once: put in anew, it is read out, and loading the page again does not repeat it. */
function tellOutcome(page: Page): void {
  const address = page.address()
  if (!address.searchParams.has('done')) return
  const text = find(page.root, '#status')?.textContent ?? ''
  page.say(text)
  // Screen readers hear what changes, and not what a page came with.
  const cancel = page.clock.after(100, () => page.say(text))
  page.signal.addEventListener('abort', cancel)
  address.searchParams.delete('done')
  address.searchParams.delete('count')
  page.rename(address)
}

/** On a narrow page the navigation is a strip. Only the strip is moved: scrollIntoView moves all that is around it. */
function revealCurrent({ root }: Page): void {
  const strip = find(root, 'header nav')
  const link = strip && find(strip, '[aria-current]')
  if (!strip || !link) return
  const at = link.getBoundingClientRect()
  const frame = strip.getBoundingClientRect()
  if (at.left < frame.left || at.right > frame.right) strip.scrollLeft += at.left - frame.left - frame.width / 3
}
