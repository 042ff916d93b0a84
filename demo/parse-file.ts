import { basename } from 'node:path'
import type { FileFacts } from './facts.ts'
import { parseManifest } from './parse-manifest.ts'
import { parseReadme } from './parse-readme.ts'

/** Throws UnreadableFileError for a package.json that is none; anything can be a README. */
export function parseFile(path: string, text: string): FileFacts {
  return basename(path) === 'package.json' ? parseManifest(text) : parseReadme(text)
}
