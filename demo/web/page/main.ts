import { app, type Postcard, SendPostcard } from './app.ts'
import { readBoard } from './board.ts'
import { cutNetwork, type Post, readPost, showDelivered } from './post.ts'
import { readForm } from './postcard-form.ts'
import { showBoard } from './show-board.ts'
import { showCounts, showTabs } from './show-crew.ts'
import { tabName } from './tab-name.ts'

const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement
const onClick = (id: string, act: () => unknown): void => byId(id).addEventListener('click', act)
const form = byId('card') as HTMLFormElement
const network = byId('network')

const worker = app.work({ name: tabName, concurrency: 3 })

/** Shows everything as it is now. Called at each change, in whichever tab it was made. */
async function show(): Promise<void> {
  const [cards, stats, workers, post] = await Promise.all([
    readBoard(app),
    app.stats({ days: 0 }),
    app.workers(),
    readPost(),
  ])
  const standby = workers.find(({ worker: id }) => id === worker.id)?.standby
  byId('me').textContent = `This tab is ${tabName}. It ${standby ? 'stands by' : 'performs'}.`
  showTabs(byId('tabs'), workers)
  showCounts(byId('counts'), stats, post.count)
  showBoard(byId('cards'), cards, (jid) => app.dead.retry(jid))
  showPost(post)
}

function showPost(post: Post): void {
  showDelivered(byId('delivered'), post)
  network.setAttribute('aria-pressed', String(post.isCut))
  network.textContent = post.isCut ? 'Mend the network' : 'Cut the network'
}

async function send(cards: readonly Postcard[], wait: string): Promise<void> {
  const job = wait ? SendPostcard.set({ wait: wait as '10s' }) : SendPostcard
  await job.performBulk(cards.map((card) => [card]))
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const { card, wait } = readForm(form)
  send([card], wait)
})

onClick('hundred', () => {
  const { card, wait } = readForm(form)
  send(
    Array.from({ length: 100 }, (_, at) => ({ ...card, to: `${card.to} ${at + 1}` })),
    wait,
  )
})

onClick('network', async () => {
  const isCut = network.getAttribute('aria-pressed') === 'true'
  showPost(await cutNetwork(!isCut))
})

// Without an opener: a tab that has one would begin with a copy of this one's name.
onClick('open', () => window.open(location.href, '_blank', 'noopener'))

// As abrupt as a page can be to itself: nothing is stopped, nothing is said.
onClick('kill', () => location.replace('about:blank'))

// Answers /quayside/ with the dashboard; the postcards do without it.
navigator.serviceWorker?.register('/service-worker.js', { type: 'module' }).catch(() => {})

app.watch(show)
