// A job file, as a user would write it, on the built package.

import { Quayside } from 'quayside'
import { configuredStorage } from 'quayside/config'

export const app = new Quayside({ storage: configuredStorage(), logger: false })

app.job('Quick', {
  async perform(/** @type {number} */ number) {
    console.log(`did ${number}`)
  },
})

/** Goes on until the worker is asked to stop, and then comes to its end. */
app.job('Patient', {
  async perform(/** @type {number} */ number) {
    console.log(`patient ${number} runs`)
    this.progress(1, 4, 'waiting')
    while (!this.stopping) await new Promise((resolve) => setTimeout(resolve, 5))
    console.log(`patient ${number} ends`)
  },
})

/** Goes on until its signal fires. */
app.job('Obedient', {
  async perform(/** @type {number} */ number) {
    console.log(`obedient ${number} runs`)
    await new Promise((_, reject) => this.signal.addEventListener('abort', () => reject(this.signal.reason)))
  },
})

/** Goes on whatever happens. */
app.job('Deaf', {
  async perform(/** @type {number} */ number) {
    console.log(`deaf ${number} runs`)
    await new Promise(() => {})
  },
})

app.job('Failing', {
  async perform() {
    throw new Error('as ordered')
  },
})
