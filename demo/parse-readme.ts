import { countWords } from './count-words.ts'
import type { FileFacts, Heading } from './facts.ts'

/** What a README says. Good enough for an index; a Markdown parser would know every corner of the language. */
export function parseReadme(text: string): FileFacts {
  const markdown = withoutImages(withoutCode(text.replace(/\r\n?/g, '\n')))
  return {
    words: countWords(plainText(markdown)),
    headings: headingsOf(markdown),
    links: linksOf(markdown),
    licence: licenceOf(markdown),
  }
}

/** Without fenced blocks, whose `#` and `[]` mean something else, and comments. An open one goes on to the end. */
function withoutCode(markdown: string): string {
  return markdown
    .replace(/^ {0,3}(```+|~~~+)[^\n]*(?:\n(?! {0,3}\1)[^\n]*)*(?:\n[^\n]*|$)/gm, '')
    .replace(/<!--(?:(?!-->)[\s\S])*(?:-->|$)/g, '')
}

/** `![text](address)` and `![text][label]`: a badge that links somewhere leaves its link. */
function withoutImages(markdown: string): string {
  return markdown.replace(/!\[[^[\]]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^[\]]*\])?/g, '')
}

const HEADINGS = new RegExp(
  [
    '^ {0,3}(?<marks>#{1,6})[ \\t]+(?<text>[^\\n]*)$', // ## Text
    '^ {0,3}(?<underlined>[^\\s#>|*+-][^\\n]*)\\n {0,3}(?<line>=+|-{2,})[ \\t]*$', // Text, and below it ==== or ----
    '<h(?<level>[1-6])\\b[^<>]*>(?<html>[\\s\\S]{0,500}?)</h\\k<level>>', // <h2>Text</h2>
  ].join('|'),
  'gim',
)

function headingsOf(markdown: string): Heading[] {
  const found = [...markdown.matchAll(HEADINGS)].map(({ groups = {} }) => {
    const { marks, text, underlined, line, level, html } = groups
    if (marks !== undefined)
      return { level: marks.length, text: plainText((text ?? '').replace(/[ \t]+#+[ \t]*$/, '')) }
    if (underlined !== undefined) return { level: line?.startsWith('=') ? 1 : 2, text: plainText(underlined) }
    return { level: Number(level), text: plainText(html ?? '') }
  })
  return found.filter(({ text }) => text !== '')
}

const LINKS = new RegExp(
  [
    '\\]\\([ \\t]*<?(?<inline>[^\\s()<>]+(?:\\([^\\s()<>]*\\)[^\\s()<>]*)*)', // [text](address)
    '^ {0,3}\\[(?<label>[^[\\]^][^[\\]]*)\\]:[ \\t]*<?(?<defined>[^\\s<>]+)', // [label]: address
    '\\bhref[ \\t]*=[ \\t]*["\'](?<html>[^"\'\\s<>]+)', // <a href="address">
    '(?<![\\w"\'=(])(?<bare>https?://[^\\s<>()[\\]"\'`|*]+[^\\s<>()[\\]"\'`|*.,:;!?])', // an address as it stands
  ].join('|'),
  'gim',
)

/** Definitions that only images used lead nowhere. */
function linksOf(markdown: string): string[] {
  const labels = new Set([...markdown.matchAll(/\[([^[\]]+)\](?!:)/g)].map(([, label]) => label?.toLowerCase()))
  const links = [...markdown.replace(/`[^`\n]*`/g, '').matchAll(LINKS)].map(
    ({ groups: { inline, label, defined, html, bare } = {} }) =>
      label === undefined || labels.has(label.toLowerCase()) ? (inline ?? defined ?? html ?? bare ?? '') : '',
  )
  return [...new Set(links.filter((link) => link !== ''))]
}

const LICENCE_SECTION = /^[ \t]*(?:#{1,6}[ \t]*|<h[1-6][^<>]*>[ \t]*)?(?:\W{0,8})licen[sc](?:e|ing)\b/gim

const KNOWN_LICENCE =
  /\b(?:MIT|ISC|0BSD|Apache(?:[- ]License)?,?[- ](?:v|Version )?2\.0|BSD[- ][234][- ]Clause|MPL[- ]2\.0|[AL]?GPL[- ]?v?[23](?:\.0)?|CC0(?:-1\.0)?|Unlicense|BlueOak-1\.0\.0|WTFPL)(?![\w-])/i

/** The first licence named after the last heading that speaks of it. */
function licenceOf(markdown: string): string | null {
  const section = [...markdown.matchAll(LICENCE_SECTION)].at(-1)
  if (!section) return null
  const named = KNOWN_LICENCE.exec(markdown.slice(section.index, section.index + 1_000))?.[0]
  return named === undefined ? null : named.replace(/Apache.*/i, 'Apache-2.0').replace(/ /g, '-')
}

/** What a reader sees of it, on one line. */
function plainText(markdown: string): string {
  return markdown
    .replace(/^ {0,3}\[[^[\]]+\]:[^\n]*$/gm, '')
    .replace(/\[([^[\]]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^[\]]*\])/g, '$1')
    .replace(/<\/?[a-z][^<>]*>/gi, ' ')
    .replace(/<?https?:\/\/[^\s<>]+>?/g, ' ')
    .replace(/(\*\*|__|~~|[*`])/g, '')
    .replace(/&nbsp;|\s+/g, ' ')
    .trim()
}
