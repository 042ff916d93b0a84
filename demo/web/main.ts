import { interruptible } from '../interruption.ts'
import { serve } from './serve.ts'

/** Where the page is, if nobody has that port. */
const PORT = 5170

/** Serves the page until it is interrupted. Answers the exit code. */
export async function web(): Promise<number> {
  const interrupted = interruptible()
  const { url, postOffice, close } = await serve(PORT)
  console.log(`Postcards, sent by background jobs of the browser: ${url}`)
  console.log('Open it in several tabs. Send some, cut the network, close the tab that performs. Ctrl-C ends this.')
  await new Promise((resolve) => interrupted.addEventListener('abort', resolve))
  await close()
  console.log(`\n${postOffice.count} postcards were delivered. What was not is kept by the browser.`)
  return 0
}
