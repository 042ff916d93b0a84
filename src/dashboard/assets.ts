import { icon } from './assets/icon.ts'
import script from './assets/script/main.ts?bundled'
import stylesheet from './assets/style/dashboard.css?bundled'
import { digest } from './digest.ts'
import { matching } from './parameters.ts'
import { respond } from './respond.ts'
import { type Route, route } from './route.ts'
import type { Urls } from './urls.ts'

type AssetName = 'dashboard.css' | 'dashboard.js' | 'icon.svg'

/** What pages load beside themselves. They are texts in modules: a service worker has no files to read. */
const ASSETS: Readonly<Record<AssetName, { readonly type: string; readonly body: string }>> = {
  'dashboard.css': { type: 'text/css; charset=utf-8', body: stylesheet },
  'dashboard.js': { type: 'text/javascript; charset=utf-8', body: script },
  'icon.svg': { type: 'image/svg+xml', body: icon },
}

/** The address of an asset. It changes with what is in it, so that browsers may keep it for ever. */
export const assetUrl = (urls: Urls, name: AssetName): string => urls.to(`/assets/${hashOf(name)}/${name}`)

/** Tells nothing about any job, and the page that says how to open the dashboard needs it. */
export const asset: Route = route({
  method: 'GET',
  path: '/assets/:hash/:name',
  may: 'anyone',
  takes: {
    hash: matching(/^[0-9a-f]{1,16}$/, 'a hash'),
    name: matching(/^[a-z.]{1,40}$/, 'the name of a file'),
  },
  answer(_, { hash, name }) {
    if (!isAsset(name)) return respond('', 404, 'text/plain')
    const { type, body } = ASSETS[name]
    // Another version's address: it gets what there is now, but may not keep it under that name.
    const isCurrent = hash === hashOf(name)
    return respond(body, 200, type, isCurrent ? { 'cache-control': 'public, max-age=31536000, immutable' } : {})
  },
})

const isAsset = (name: string): name is AssetName => Object.hasOwn(ASSETS, name)

const hashes = new Map<AssetName, string>()

function hashOf(name: AssetName): string {
  const hash = hashes.get(name) ?? digest(ASSETS[name].body)
  hashes.set(name, hash)
  return hash
}
