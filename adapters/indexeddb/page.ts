/** What of a page, or of a worker's scope, is needed here, so that tests can hand in their own. */
export interface Page extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly document?: Pick<Document, 'visibilityState'> | undefined
}

/** Some are events of the document, and do not bubble. They are seen on their way down. */
const EVENTS = ['freeze', 'pagehide', 'visibilitychange', 'pageshow', 'resume', 'online']

export interface PageEars {
  /** It may be kept for later now, or go. */
  readonly onLeave: () => void
  /** It will not run until it is back. */
  readonly onFreeze: () => void
  /** It runs, it is seen, or the network may be there again. Timers that should have fired may have been held back. */
  readonly onBack: () => void
}

export const isHidden = (page: Page | undefined): boolean => page?.document?.visibilityState === 'hidden'

/** Listens to what happens to a page. Answers a function that ends it. */
export function listenTo(page: Page | undefined, { onLeave, onFreeze, onBack }: PageEars): () => void {
  const hear = ({ type }: Event) => {
    if (type === 'freeze') onFreeze()
    if (type === 'freeze' || type === 'pagehide') onLeave()
    else if (type !== 'visibilitychange' || !isHidden(page)) onBack()
  }
  for (const event of EVENTS) page?.addEventListener(event, hear, true)
  return () => {
    for (const event of EVENTS) page?.removeEventListener(event, hear, true)
  }
}
