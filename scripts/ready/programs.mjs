import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { alone } from './alone.mjs'
import { Failure } from './program.mjs'
import { quietly } from './quietly.mjs'

/** What the tests run and npm cannot install. `variable` names an environment variable that leads to another one. */
const programs = {
  chromium: {
    title: 'Chromium',
    variable: 'CHROMIUM',
    // The shell starts faster than the full browser and asks no host on the network for anything.
    paths: ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'],
    debian: 'chromium-headless-shell',
  },
  redis: {
    title: 'Redis',
    variable: 'REDIS_SERVER',
    paths: ['/usr/bin/redis-server', '/usr/local/bin/redis-server'],
    debian: 'redis-server',
  },
  ruby: {
    title: 'Ruby',
    variable: 'RUBY',
    paths: ['/usr/bin/ruby'],
    debian: 'ruby',
  },
  sidekiq: {
    title: 'Ruby Sidekiq',
    variable: 'SIDEKIQ',
    paths: ['/usr/bin/sidekiq'],
    debian: 'ruby-sidekiq',
  },
  firefox: {
    title: 'Firefox',
    variable: 'FIREFOX',
    paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    debian: 'firefox-esr',
  },
  webkit: {
    title: "WebKitGTK's MiniBrowser",
    variable: 'MINIBROWSER',
    paths: ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`),
    debian: 'libwebkit2gtk-4.1-0',
  },
  xvfb: {
    title: 'Xvfb',
    variable: 'XVFB',
    paths: ['/usr/bin/Xvfb'],
    debian: 'xvfb',
  },
}

/** @typedef {keyof typeof programs} Program */

/** The other browsers are some hundred megabytes, and have a command of their own. @type {Program[]} */
const ofBrowsers = ['firefox', 'webkit', 'xvfb']
const ofTests = /** @type {Program[]} */ (Object.keys(programs)).filter((name) => !ofBrowsers.includes(name))

/**
 * Where a program is, if it is there.
 * @param {Program} name
 * @returns {string | undefined}
 */
export function find(name) {
  const { variable, paths } = programs[name]
  return process.env[variable] || paths.find((path) => existsSync(path))
}

export const testPrograms = () => ready(ofTests)

export const browserPrograms = () => ready(ofBrowsers)

/**
 * Makes sure of programs, installing what is missing where that is possible (Debian, as root).
 * @param {Program[]} names
 */
async function ready(names) {
  if (missing(names).length > 0 && canInstall()) await alone('programs', () => install(missing(names)))
  if (missing(names).length > 0) throw new Failure(howToInstall(missing(names)))
}

/** @param {Program[]} names */
async function install(names) {
  if (names.length === 0) return
  const debs = names.map((name) => programs[name].debian)
  console.log(`Installing from Debian: ${debs.join(', ')} ...`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await quietly('apt-get', ['-q', 'update'], { env })
  await quietly('apt-get', ['-q', '-y', '--no-install-recommends', 'install', ...debs], { env })
}

/** @param {Program[]} names */
function missing(names) {
  for (const name of names) {
    const { variable } = programs[name]
    const path = process.env[variable]
    if (path && !existsSync(path)) throw new Failure(`${variable} is ${path}, and there is no such file.`)
  }
  return names.filter((name) => !find(name))
}

function canInstall() {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
}

/** @param {Program[]} names */
function howToInstall(names) {
  const lines = names.map((name) => {
    const { title, variable, paths } = programs[name]
    return `  ${title}: none of ${paths.join(', ')} exists, and ${variable} does not lead to one elsewhere.`
  })
  const debs = names.map((name) => programs[name].debian).join(' ')
  return `The tests need programs that are missing here:\n${lines.join('\n')}\nOn Debian: sudo apt-get install ${debs}`
}
