import { type Html, html } from '../html.ts'
import { at } from '../urls.ts'
import type { Visit } from '../visit.ts'

/** How a queue stands, with what can be done to it. */
export async function queueControls(visit: Visit, name: string): Promise<Html> {
  const { app, locale } = visit
  const state = (await app.queues()).find((queue) => queue.name === name)
  const isPaused = state?.paused ?? false
  return html`<div class="queue-state">
<p>${locale.t('latencyIs', { wait: locale.duration(state?.latencyMs ?? 0) })}${isPaused && html` <strong class="paused">${locale.t('paused')}</strong>`}</p>
${queueButtons(visit, name, isPaused)}
</div>`
}

export function queueButtons({ locale, urls, visitor }: Visit, name: string, isPaused: boolean): Html {
  const pause = isPaused ? 'resume' : 'pause'
  return html`<form method="post" class="actions" action="${urls.to(at`/queues/${name}/${pause}`)}">
${visitor.may.has('queues') && html`<button>${locale.t(pause)}</button>`}
${visitor.may.has('delete') && html`<button class="delete" formaction="${urls.to(at`/queues/${name}/clear`)}">${locale.t('clear')}</button>`}
</form>`
}
