// The functions of the page, which the programs beside this folder call.

import { answer, ask } from './asking.mjs'
import { backlog } from './backlog.mjs'
import { drain } from './drain.mjs'
import { enqueue } from './enqueue.mjs'
import { fill, found, unfinished, work } from './working.mjs'

const bench = { answer, ask, backlog, drain, enqueue, fill, found, unfinished, work }

/** @typedef {typeof bench} Bench */

Object.assign(globalThis, { bench })
