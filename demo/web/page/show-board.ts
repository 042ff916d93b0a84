import type { Card } from './board.ts'
import { element, showList } from './list.ts'

/**
 * Shows the postcards on their way.
 *
 * @param retry called with the jid of a dead one that shall be tried again
 */
export function showBoard(list: HTMLElement, cards: readonly Card[], retry: (jid: string) => void): void {
  const show = (card: Card): HTMLElement => {
    const row = element('li', {}, address(card), state(card))
    if (card.state === 'dead') row.append(retryButton(card, retry))
    return row
  }
  showList(list, cards, ({ jid }) => jid, show, 'Nothing is on its way.')
}

const address = ({ to, text }: Card): HTMLElement => element('span', {}, `To ${to}: ${text}`)

function state({ state, note, progress }: Card): HTMLElement {
  const shown = element('small', { class: state }, note)
  if (!progress || progress.total <= 1) return shown
  const bar = { value: String(progress.done), max: String(progress.total), 'aria-label': 'progress' }
  shown.append(' ', element('progress', bar))
  return shown
}

function retryButton({ jid, to }: Card, retry: (jid: string) => void): HTMLElement {
  const button = element('button', { type: 'button', 'aria-label': `Retry the postcard to ${to}` }, 'Retry')
  button.addEventListener('click', () => retry(jid))
  return button
}
