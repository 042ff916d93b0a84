import text from '../assets/style/dashboard.css?bundled'

/** As high as its page wants it, or else as its content is. */
const HOST = ':host { display: block; overflow: auto } body { min-block-size: 100% }'

let sheet: CSSStyleSheet | undefined

/** One sheet for all components of a page. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(text + HOST)
  }
  return sheet
}
