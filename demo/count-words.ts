/** Chinese and Japanese put no spaces between words; each character counts, as in word processors. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}_'’-])+/gu

const MEANINGFUL = /[\p{L}\p{N}]/u

export function countWords(prose: string): number {
  return (prose.match(WORD) ?? []).filter((word) => MEANINGFUL.test(word)).length
}
