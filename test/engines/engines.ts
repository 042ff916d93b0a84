import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { find } from '../../scripts/ready/programs.mjs'
import { Child } from './child.ts'
import { startDisplay } from './display.ts'

/** Shows a page in a browser whose profile, the databases included, is in a folder. Answers all that it has started. */
export type Engine = (url: string, profile: string) => Promise<readonly Child[]>

const preferences = {
  // It asks no host but ours, on a network or without one: localhost needs no proxy, and behind this one is nobody.
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  // What it would show to a new user.
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  // A page may open windows without a click.
  'dom.disable_open_during_load': false,
  // Whether a site may keep its data is the user's to say. Here nobody would answer: no.
  'permissions.default.persistent-storage': 2,
}

async function firefox(url: string, profile: string): Promise<Child[]> {
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref('${name}', ${JSON.stringify(value)});\n`)
  await writeFile(join(profile, 'user.js'), lines.join(''))
  return [await Child.start(find('firefox'), ['--headless', '--no-remote', '--profile', profile, url])]
}

async function webkit(url: string, profile: string): Promise<Child[]> {
  const { display, server } = await startDisplay()
  const args = ['--javascript-can-open-windows-automatically=true', url]
  // All that it writes is below these.
  const folders = { HOME: profile, XDG_CACHE_HOME: profile, XDG_CONFIG_HOME: profile, XDG_DATA_HOME: profile }
  return [await Child.start(find('webkit'), args, { env: { DISPLAY: display, ...folders } }), server]
}

export const engines: Readonly<Record<'firefox' | 'webkit', Engine>> = { firefox, webkit }
