import { cdp } from 'vitest/browser'

/** Sends a command of the DevTools protocol to the page's own browser. */
export async function devTools(command: string, parameters: object): Promise<void> {
  await (cdp() as unknown as { send(command: string, parameters: object): Promise<unknown> }).send(command, parameters)
}
