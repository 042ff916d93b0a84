import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Tells the service manager how the worker is; quietly nothing where there is none. */
export type Notify = (...states: string[]) => Promise<void>

/**
 * systemd listens on a unix datagram socket, which Node cannot open: its own little program speaks for us. The unit
 * needs `NotifyAccess=all`, since that program is another process.
 */
export function systemdNotify(env: Readonly<Record<string, string | undefined>>, warn: (line: string) => void): Notify {
  if (!env.NOTIFY_SOCKET) return async () => {}
  let isMissing = false
  return async (...states) => {
    if (isMissing) return
    try {
      await promisify(execFile)('systemd-notify', states, { timeout: 2_000 })
    } catch (error) {
      isMissing = true
      warn(`systemd was not told (${(error as Error).message}): install systemd-notify, or use Type=exec in the unit`)
    }
  }
}
