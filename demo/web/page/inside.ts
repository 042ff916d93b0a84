import { Quayside } from 'quayside'
import { type DashboardElement, defineDashboardElement } from 'quayside/dashboard/element'
import { indexedDBStorage } from 'quayside/indexeddb'

// An app that only looks: the postcards' tabs perform.
const app = new Quayside({ storage: indexedDBStorage() })

defineDashboardElement()
const element = document.querySelector<DashboardElement>('quayside-dashboard')
if (element) element.app = app
