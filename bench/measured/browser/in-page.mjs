// What one page measures by itself: a function of page/main.mjs, and the CPU slowed down if that is asked for.

import { measure } from '../measure.mjs'
import { Tabs } from './tabs.mjs'

/**
 * @typedef {object} Settings beside those of the function
 * @property {'enqueue' | 'drain' | 'backlog'} measures
 * @property {number} [slowedDown] so many times
 */

await measure(async (/** @type {import('./tabs.mjs').Place & Settings & any} */ settings) => {
  const { measures, slowedDown = 1, ...rest } = settings
  const tabs = await Tabs.open(rest)
  const tab = await tabs.tab()
  await tab.slowDown(slowedDown)
  const figures = await tab.call(/** @type {Settings['measures']} */ (measures), rest)
  await tabs.close(tab)
  return figures
})
