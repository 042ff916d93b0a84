import { find, findAll, make, type Page } from './page.ts'

const BOXES = 'td input[name=job]'

/** A box above all boxes, ranges by shift, and buttons that tell how many they are for. */
export function dressSelection(page: Page, within: ParentNode): void {
  for (const form of findAll<HTMLFormElement>(within, 'form.list')) {
    const corner = find(form, 'thead td')
    if (!corner || find(corner, 'input')) continue
    const label = page.words.say('page_selectAll')
    const all = make('input', { type: 'checkbox', ariaLabel: label })
    corner.replaceChildren(all)
    corner.dataset.label = label
    all.onchange = () => {
      for (const box of boxesOf(form)) box.checked = all.checked
      count(page, form)
    }
    let last: HTMLInputElement | undefined
    form.addEventListener('click', (event) => {
      const box = event.target
      if (!(box instanceof HTMLInputElement) || !box.matches(BOXES)) return
      if (event.shiftKey && last) tickBetween(boxesOf(form), last, box)
      last = box
      count(page, form)
    })
    count(page, form)
  }
}

const boxesOf = (form: HTMLElement): HTMLInputElement[] => findAll<HTMLInputElement>(form, BOXES)

function tickBetween(boxes: readonly HTMLInputElement[], one: HTMLInputElement, other: HTMLInputElement): void {
  const [from = 0, to = 0] = [boxes.indexOf(one), boxes.indexOf(other)].sort((a, b) => a - b)
  if (from < 0) return
  for (const box of boxes.slice(from, to + 1)) box.checked = other.checked
}

const labels = new WeakMap<HTMLElement, string>()

function count({ words }: Page, form: HTMLElement): void {
  const boxes = boxesOf(form)
  const ticked = boxes.filter(({ checked }) => checked).length
  const all = find(form, 'thead input') as HTMLInputElement
  all.checked = ticked === boxes.length
  all.indeterminate = ticked > 0 && ticked < boxes.length
  for (const button of findAll<HTMLButtonElement>(form, '.actions [role=group]:first-child button')) {
    const label = labels.get(button) ?? button.textContent ?? ''
    labels.set(button, label)
    button.disabled = ticked === 0
    button.textContent = ticked === 0 ? label : `${label} (${words.number(ticked)})`
  }
}
