import { describe, expect, test } from 'vitest'
import { type Middleware, MiddlewareChain } from '../../src/middleware.ts'
import { thrownBy } from './support/thrown.ts'

type Trace = string[]

const named = (name: string): Middleware<Trace> => {
  const link: Middleware<Trace> = async (trace, next) => {
    trace.push(`${name} in`)
    await next()
    trace.push(`${name} out`)
  }
  return Object.defineProperty(link, 'name', { value: name })
}
const [a, b, c] = [named('a'), named('b'), named('c')]
const chainOf = (...links: Middleware<Trace>[]): MiddlewareChain<Trace> => {
  const chain = new MiddlewareChain<Trace>()
  for (const link of links) chain.add(link)
  return chain
}
const names = (chain: MiddlewareChain<Trace>): string => chain.links.map(({ name }) => name).join('')

/** What is seen when a trace runs through the chain. */
async function runOf(chain: MiddlewareChain<Trace>, last = async () => {}): Promise<[Trace, boolean]> {
  const trace: Trace = []
  const reached = await chain.run(trace, async () => {
    trace.push('last')
    await last()
  })
  return [trace, reached]
}

describe('the order', () => {
  test('the first is outermost: in first, out last', async () => {
    expect(await runOf(chainOf(a, b))).toEqual([['a in', 'b in', 'last', 'b out', 'a out'], true])
  })

  test('an empty chain goes straight to the end', async () => expect(await runOf(chainOf())).toEqual([['last'], true]))

  test.each<[string, (chain: MiddlewareChain<Trace>) => unknown, string]>([
    ['add puts it innermost', (chain) => chain.add(c), 'abc'],
    ['prepend puts it outermost', (chain) => chain.prepend(c), 'cab'],
    ['insertBefore puts it just outside', (chain) => chain.insertBefore(b, c), 'acb'],
    ['insertAfter puts it just inside', (chain) => chain.insertAfter(a, c), 'acb'],
    ['insertAfter the last', (chain) => chain.insertAfter(b, c), 'abc'],
    ['insertBefore the first', (chain) => chain.insertBefore(a, c), 'cab'],
    ['adding again moves it', (chain) => chain.add(a), 'ba'],
    ['prepending again moves it', (chain) => chain.prepend(b), 'ba'],
    ['inserting again moves it forth', (chain) => chain.insertAfter(b, a), 'ba'],
    ['inserting again moves it back', (chain) => chain.insertBefore(a, b), 'ba'],
    ['calls can be strung together', (chain) => chain.add(c).prepend(b).insertAfter(b, c), 'bca'],
  ])('%s', (_name, change, order) => {
    const chain = chainOf(a, b)
    expect(change(chain)).toBe(chain)
    expect(names(chain)).toBe(order)
  })

  test('remove takes it out, and says whether it was there', () => {
    const chain = chainOf(a, b)
    expect([chain.remove(a), names(chain), chain.remove(a), chain.remove(c), names(chain)]).toEqual([
      true,
      'b',
      false,
      false,
      'b',
    ])
  })
})

describe('what is refused leaves the chain as it was', () => {
  test.each<[string, (chain: MiddlewareChain<Trace>) => unknown, string]>([
    [
      'before one that is not there',
      (chain) => chain.insertBefore(c, a),
      'The middleware the function c is not in this chain; add it first.',
    ],
    [
      'after one that is not there',
      (chain) => chain.insertAfter(c, b),
      'The middleware the function c is not in this chain; add it first.',
    ],
    ['no function', (chain) => chain.add('a' as never), 'A middleware must be a function; got "a" (string).'],
    ['nothing', (chain) => chain.prepend(undefined as never), 'A middleware must be a function; got undefined.'],
  ])('%s', (_name, change, message) => {
    const chain = chainOf(a, b)
    expect(thrownBy(() => change(chain))).toMatchObject({ name: 'OptionError', message })
    expect(names(chain)).toBe('ab')
  })
})

describe('a link', () => {
  test('that does not call next stops the job: nothing behind it happens', async () => {
    const stop: Middleware<Trace> = (trace) => void trace.push('stop')
    expect(await runOf(chainOf(a, stop, b))).toEqual([['a in', 'stop', 'a out'], false])
  })

  test('may be a plain function that answers what next answers', async () => {
    expect(await runOf(chainOf((_trace, next) => next(), b))).toEqual([['b in', 'last', 'b out'], true])
  })

  test('that throws, or rejects, stops the job with its error', async () => {
    const thrower: Middleware<Trace> = () => {
      throw new Error('thrown')
    }
    await expect(runOf(chainOf(a, thrower))).rejects.toThrow('thrown')
    await expect(runOf(chainOf(a, () => Promise.reject(new Error('rejected'))))).rejects.toThrow('rejected')
  })

  test('sees the error of what is behind it, and may swallow it', async () => {
    const seen: unknown[] = []
    const swallow: Middleware<Trace> = (_trace, next) => next().catch((error) => void seen.push(error))
    const error = new Error('perform failed')
    await expect(runOf(chainOf(a), () => Promise.reject(error))).rejects.toBe(error)
    expect(await runOf(chainOf(swallow, a), () => Promise.reject(error))).toEqual([['a in', 'last'], true])
    expect(seen).toEqual([error])
  })

  test('waits for all that is behind it', async () => {
    const order: string[] = []
    const slow = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)))
    const outer: Middleware<Trace> = async (_trace, next) => {
      await next()
      order.push('outer')
    }
    await runOf(chainOf(outer), async () => {
      await slow()
      order.push('last')
    })
    expect(order).toEqual(['last', 'outer'])
  })

  test('that forgets to await next is waited for all the same: the job is not done before it is done', async () => {
    let finish = (): void => {}
    const work = new Promise<void>((resolve) => (finish = resolve))
    let ended = false
    const running = runOf(
      chainOf((_trace, next) => void next()),
      () => work,
    ).then(() => (ended = true))
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(ended).toBe(false)
    finish()
    await running
  })

  test('that forgets to await next does not lose the error behind it', async () => {
    const failing = runOf(
      chainOf((_trace, next) => void next()),
      async () => {
        await undefined
        throw new Error('perform failed')
      },
    )
    await expect(failing).rejects.toThrow('perform failed')
  })

  test('may not call next twice', async () => {
    const twice = Object.defineProperty(
      async (_trace: Trace, next: () => Promise<void>) => {
        await next()
        await next()
      },
      'name',
      { value: 'twice' },
    )
    const trace: Trace = []
    const running = chainOf(twice, a).run(trace, async () => void trace.push('last'))
    await expect(running).rejects.toMatchObject({
      name: 'MiddlewareError',
      code: 'ERR_MIDDLEWARE',
      message: 'The middleware twice called next() twice; await it once.',
    })
    expect(trace).toEqual(['a in', 'last', 'a out'])
  })

  test('may not call next twice at the same time, awaited or not', async () => {
    const both: Middleware<Trace> = (_trace, next) => Promise.all([next(), next()]).then(() => {})
    await expect(runOf(chainOf(both))).rejects.toThrow('The middleware both called next() twice')
    const neither: Middleware<Trace> = (_trace, next) => {
      next()
      next()
    }
    await expect(runOf(chainOf(neither))).rejects.toThrow('The middleware neither called next() twice')
  })
})

describe('a chain that changes', () => {
  test('during a run changes for the next', async () => {
    const chain = chainOf(a)
    const changer: Middleware<Trace> = async (trace, next) => {
      chain.remove(b)
      chain.add(c)
      trace.push('changer')
      await next()
    }
    chain.prepend(changer).add(b)
    expect((await runOf(chain))[0]).toEqual(['changer', 'a in', 'b in', 'last', 'b out', 'a out'])
    expect((await runOf(chain))[0]).toEqual(['changer', 'a in', 'c in', 'last', 'c out', 'a out'])
  })

  test('never changes a list that was read before', () => {
    const chain = chainOf(a)
    const before = chain.links
    chain.add(b)
    expect(before).toEqual([a])
  })

  test('runs at the same time do not mix', async () => {
    const chain = chainOf(a, b)
    const [one, two] = await Promise.all([runOf(chain), runOf(chain)])
    expect(one).toEqual(two)
    expect(one[0]).toHaveLength(5)
  })
})
