// What a page has to load: scripts/size.mjs measures it, and its figures are given as they are.

import { measure as sizes } from '../../../scripts/size.mjs'
import { measure } from '../measure.mjs'

await measure(async (/** @type {{ bundle: string }} */ { bundle }) => {
  const size = (await sizes()).find(({ name }) => name === bundle)
  if (!size) throw new Error(`scripts/size.mjs measures no ${bundle}.`)
  return { brotliKiB: size.brotliKiB, minifiedKiB: size.minifiedKiB }
})
