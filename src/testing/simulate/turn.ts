/**
 * Lets everything that is under way come to rest: promise jobs queue more promise jobs, and only when none is left does
 * the platform go on to its next task. Nothing that is simulated waits for anything else of the platform.
 */
export const rest: () => Promise<void> =
  typeof setImmediate === 'function' ? () => new Promise((resolve) => setImmediate(resolve)) : restByMessage

async function restByMessage(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  await new Promise((resolve) => {
    port1.onmessage = resolve
    port2.postMessage(undefined)
  })
  port1.close()
}
