import { Redis } from 'ioredis'

/** What the Redis of a run tells about itself, asked by a connection of our own. */
export class Server {
  #redis

  /** @param {string} url */
  constructor(url) {
    this.#redis = new Redis(url)
  }

  /** Seconds of CPU that it has used since it started. */
  async cpuSeconds() {
    return (await this.#info('cpu', 'used_cpu_user')) + (await this.#info('cpu', 'used_cpu_sys'))
  }

  /** Bytes that it uses. */
  usedBytes() {
    return this.#info('memory', 'used_memory')
  }

  /** @param {string} section @param {string} field */
  async #info(section, field) {
    return Number(new RegExp(`^${field}:(.*)$`, 'm').exec(await this.#redis.info(section))?.[1])
  }
}
