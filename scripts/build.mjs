import { alone } from './ready/alone.mjs'
import { build } from './ready/dist.mjs'
import { program } from './ready/program.mjs'

await program(() => alone('dist', build))
