import type { StorageStats } from '../storage.ts'
import { assetUrl } from './assets.ts'
import { flags, type Html, html } from './html.ts'
import { languageCodes, type PlainKey } from './locale.ts'
import { languages } from './messages/languages.ts'
import { doneText } from './parts/done.ts'
import { pageWords } from './parts/page-words.ts'
import type { Page, Section } from './route.ts'
import type { Theme, Visit } from './visit.ts'

interface Link {
  readonly section: Section
  readonly path: string
  readonly label: PlainKey
  /** The number that stands beside it. */
  readonly count?: 'enqueued' | 'retry' | 'scheduled' | 'dead' | 'running'
}

const LINKS: readonly Link[] = [
  { section: 'overview', path: '/', label: 'nav_overview' },
  { section: 'busy', path: '/busy', label: 'nav_busy', count: 'running' },
  { section: 'queues', path: '/queues', label: 'nav_queues', count: 'enqueued' },
  { section: 'retries', path: '/retries', label: 'nav_retries', count: 'retry' },
  { section: 'scheduled', path: '/scheduled', label: 'nav_scheduled', count: 'scheduled' },
  { section: 'dead', path: '/dead', label: 'nav_dead', count: 'dead' },
  { section: 'failures', path: '/failures', label: 'nav_failures' },
  { section: 'metrics', path: '/metrics', label: 'nav_metrics' },
  { section: 'periodic', path: '/periodic', label: 'nav_periodic' },
]

const THEMES: readonly Theme[] = ['auto', 'light', 'dark']

/** A whole page for somebody who may look. */
export async function layout(visit: Visit, page: Page): Promise<Html> {
  return frame(visit, page, navigation(visit, page, await visit.app.stats({ days: 0 })))
}

/** A whole page around its body. Without `navigation` it tells nothing of the app. */
export function frame(visit: Visit, { title, body, refresh }: Page, navigation?: Html): Html {
  const { clock, locale, theme, urls } = visit
  return html`<!doctype html>
<html lang="${locale.code}" dir="${locale.dir}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${locale.t('pageTitle', { title })}</title>
<link rel="icon" href="${assetUrl(urls, 'icon.svg')}">
<link rel="stylesheet" href="${assetUrl(urls, 'dashboard.css')}">
${refresh !== undefined && html`<noscript><meta http-equiv="refresh" content="${refresh}"></noscript>`}
<script type="module" src="${assetUrl(urls, 'dashboard.js')}"></script>
</head>
<body data-live-from="${navigation ? urls.to('/live.json') : ''}" data-at="${clock.now()}" data-refresh="${refresh}" data-words="${pageWords(locale.code)}">
<a class="skip" href="#main">${locale.t('skipToContent')}</a>
<header>
<a class="brand" href="${urls.to('/')}">Quayside</a>
${navigation}
</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
<p id="status" role="status">${navigation && doneText(visit)}</p>
${body}
</main>
${navigation && footer(visit)}
</body>
</html>
`
}

function navigation({ locale, urls }: Visit, { under }: Page, stats: StorageStats): Html {
  const links = LINKS.map(({ section, path, label, count }) => {
    const inside = html`${locale.t(label)}${count && html` <span class="count" data-live="${count}">${locale.number(stats[count])}</span>`}`
    return section === under
      ? html`<li><a href="${urls.to(path)}" aria-current="page">${inside}</a></li>`
      : html`<li><a href="${urls.to(path)}">${inside}</a></li>`
  })
  return html`<nav aria-label="${locale.t('navLabel')}"><ul>${links}</ul></nav>`
}

function footer({ locale, theme, urls, here }: Visit): Html {
  const ofLanguage = languageCodes.map(
    (code) =>
      html`<option value="${code}" lang="${code}" ${flags({ selected: code === locale.code })}>${languages[code]?.name}</option>`,
  )
  const ofTheme = THEMES.map(
    (each) =>
      html`<option value="${each}" ${flags({ selected: each === theme })}>${locale.t(`theme_${each}`)}</option>`,
  )
  return html`<footer>
<form class="preferences" method="post" action="${urls.to('/preferences')}">
<input type="hidden" name="path" value="${here.path}"><input type="hidden" name="query" value="${here.parameters.toString()}">
<label>${locale.t('language')} <select name="language">${ofLanguage}</select></label>
<label>${locale.t('theme')} <select name="theme">${ofTheme}</select></label>
<button>${locale.t('apply')}</button>
</form>
</footer>`
}
