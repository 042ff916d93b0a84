import type { StorageStats, WorkerState } from 'quayside'
import { nameOf } from './board.ts'
import { element, showList } from './list.ts'
import { tabName } from './tab-name.ts'

/** Shows the tabs that could perform, and which one does. */
export function showTabs(list: HTMLElement, workers: readonly WorkerState[]): void {
  const show = ({ worker, standby, running }: WorkerState): HTMLElement => {
    const name = nameOf(worker)
    const doing = standby ? 'stands by' : running.length > 0 ? `performs ${running.length}` : 'performs'
    return element(
      'li',
      { class: standby ? '' : 'performs' },
      `${name}${name === tabName ? ' (this tab)' : ''} ${doing}`,
    )
  }
  showList(list, workers, ({ worker }) => worker, show, 'Nobody yet.')
}

/** Shows how many postcards are where. */
export function showCounts(list: HTMLElement, stats: StorageStats, delivered: number): void {
  const { enqueued, running, scheduled, retry, dead } = stats
  const counts = { waiting: enqueued, written: running, 'put off': scheduled, retried: retry, dead, delivered }
  const show = ([name, count]: [string, number]): HTMLElement =>
    element('div', {}, element('dt', {}, name), element('dd', {}, count.toLocaleString()))
  showList(list, Object.entries(counts), ([name]) => name, show, '')
}
