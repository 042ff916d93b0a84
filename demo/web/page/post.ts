import { element, showList } from './list.ts'

/** What the post office tells of itself. */
export interface Post {
  readonly isCut: boolean
  readonly count: number
  readonly delivered: readonly {
    readonly jid: string
    readonly to: string
    readonly text: string
    readonly tab: string
    readonly at: number
    readonly again: number
  }[]
}

/** Asks the post office, which answers this also while the network is cut. */
export async function readPost(): Promise<Post> {
  return (await fetch('/post')).json()
}

/** Cuts the wire on which postcards travel, or mends it. */
export async function cutNetwork(isCut: boolean): Promise<Post> {
  return (await fetch(isCut ? '/post/cut' : '/post/mend', { method: 'POST' })).json()
}

export function showDelivered(list: HTMLElement, { delivered }: Post): void {
  const show = ({ to, text, tab, at, again }: Post['delivered'][number]): HTMLElement => {
    const twice = again > 0 ? `, handed in ${again + 1} times and delivered once` : ''
    const how = `sent by ${tab} at ${new Date(at).toLocaleTimeString()}${twice}`
    return element('li', {}, element('span', {}, `To ${to}: ${text}`), element('small', { class: 'delivered' }, how))
  }
  showList(list, delivered.slice(0, 12), ({ jid }) => jid, show, 'None yet.')
}
