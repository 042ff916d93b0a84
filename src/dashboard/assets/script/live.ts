import type { Live } from '../../live.ts'
import { find, findAll, make, type Page } from './page.ts'
import { remember, remembered } from './remembered.ts'
import { renew } from './renew.ts'

const EVERY_MS = 5_000
const EVERY_AT_MOST_MS = 60_000

/** Where the reader's wish is kept: pages come and go, and the wish stays. */
const PAUSED = 'quayside.paused'

type Texts = Live['texts']

/** Keeps the numbers true while somebody looks: a hidden tab and a pause ask for nothing. */
export function goLive(page: Page): void {
  const from = find(page.root, 'body')?.dataset.liveFrom
  if (!from) return
  let isPaused = remembered(PAUSED) === 'yes'
  let cancel = () => {}
  let texts: Texts | undefined
  let everyMs = EVERY_MS

  const plan = (ms: number) => {
    cancel()
    if (!isPaused && !document.hidden && !page.signal.aborted) cancel = page.clock.after(ms, () => void poll())
  }
  const poll = async () => {
    const came = await textsFrom(page, new URL(from, page.address()))
    if (page.signal.aborted) return
    if (came && everyMs > EVERY_MS) page.say(page.words.say('page_connected'))
    if (!came && everyMs === EVERY_MS) page.say(page.words.say('page_unconnected'))
    everyMs = came ? EVERY_MS : Math.min(2 * everyMs, EVERY_AT_MOST_MS)
    if (came) {
      show(page.root, came)
      // Before the first poll, what the page itself brought is what was known.
      if (texts && isOther(page.root, texts, came)) await renew(page).catch(() => {})
      texts = came
    }
    plan(everyMs)
  }
  const button = pauseButton(page, isPaused, (paused) => {
    isPaused = paused
    remember(PAUSED, paused ? 'yes' : 'no')
    page.say(page.words.say(paused ? 'page_isPaused' : 'page_isLive'))
    plan(0)
  })
  toolsOf(page)?.prepend(button)
  document.addEventListener('visibilitychange', () => plan(0), { signal: page.signal })
  page.signal.addEventListener('abort', () => cancel())
  texts = textsOf(page.root)
  plan(EVERY_MS)
}

/** Undefined when the dashboard is away, or lets this reader in no more. */
async function textsFrom(page: Page, address: URL): Promise<Texts | undefined> {
  try {
    const { status, text } = await page.ask(address)
    return status === 200 ? (JSON.parse(text) as Live).texts : undefined
  } catch {
    return undefined
  }
}

function textsOf(root: ParentNode): Texts {
  return Object.fromEntries(findAll(root, '[data-live]').map(({ dataset, textContent }) => [dataset.live, textContent]))
}

function show(root: ParentNode, texts: Texts): void {
  for (const element of findAll(root, '[data-live]')) {
    const text = texts[element.dataset.live ?? '']
    if (text !== undefined && text !== element.textContent) element.textContent = text
  }
}

/** Whether what this page lists has changed: its own number has, or, where jobs run, any was done. */
function isOther(root: ParentNode, before: Texts, now: Texts): boolean {
  const name = find(root, 'header [aria-current] [data-live]')?.dataset.live ?? 'processed'
  const names = name === 'running' ? [name, 'processed'] : [name]
  const isRunning = name === 'running' && now.running !== '0'
  return isRunning || names.some((each) => before[each] !== undefined && before[each] !== now[each])
}

function pauseButton({ words }: Page, isPaused: boolean, tell: (isPaused: boolean) => void): HTMLButtonElement {
  const button = make('button', { type: 'button', className: 'live' }, words.say('page_pause'))
  const press = (isPressed: boolean) => button.setAttribute('aria-pressed', String(isPressed))
  press(isPaused)
  button.onclick = () => {
    const willPause = button.getAttribute('aria-pressed') !== 'true'
    press(willPause)
    tell(willPause)
  }
  return button
}

/** The place for buttons that need the script, at the foot of the navigation. */
export function toolsOf({ root }: Page): HTMLElement | undefined {
  const footer = find(root, 'body > footer')
  if (!footer) return undefined
  const tools = find(footer, '.tools') ?? make('div', { className: 'tools' })
  if (!tools.isConnected) footer.prepend(tools)
  return tools
}
