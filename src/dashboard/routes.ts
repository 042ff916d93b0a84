import { setPreferences } from './actions/preferences.ts'
import { asset } from './assets.ts'
import { live } from './live.ts'
import { overview } from './pages/overview.ts'
import type { Route } from './route.ts'

/** All that the dashboard can be asked. The first that matches holds. */
export const routes: readonly Route[] = [asset, live, setPreferences, overview]
