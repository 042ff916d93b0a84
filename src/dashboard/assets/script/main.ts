import { enhance } from './enhance.ts'
import { documentSurroundings } from './surroundings.ts'

enhance(documentSurroundings(), new AbortController().signal)
