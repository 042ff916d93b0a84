import { build, type Rolldown } from 'vite'
import { dist } from '../../scripts/ready/dist.mjs'

/** The program of the pages, with the built package in it. */
export async function bundle(): Promise<string> {
  await dist()
  const { pathname } = new URL('page/program.ts', import.meta.url)
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, target: 'es2022', rolldownOptions: { input: pathname } },
  })) as Rolldown.RolldownOutput
  return built.output[0].code
}
