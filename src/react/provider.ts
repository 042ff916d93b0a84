import { type Context, createContext, createElement, type ReactNode, useContext } from 'react'
import { OptionError } from '../errors.ts'
import type { Quayside } from '../quayside.ts'

const AppContext: Context<Quayside | undefined> = createContext<Quayside | undefined>(undefined)

export interface QuaysideProviderProps {
  readonly app: Quayside
  readonly children?: ReactNode
}

/** Gives the app to the hooks below it. */
export function QuaysideProvider({ app, children }: QuaysideProviderProps): ReactNode {
  return createElement(AppContext.Provider, { value: app }, children)
}

/** The app of the nearest `<QuaysideProvider>`. Throws OptionError where there is none. */
export function useQuayside(): Quayside {
  const app = useContext(AppContext)
  if (app) return app
  throw new OptionError('There is no app here: put <QuaysideProvider app={app}> around the components that use it.')
}
