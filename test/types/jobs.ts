import { type Job, Quayside, type Run } from 'quayside'
import { memoryStorage } from 'quayside/memory'

const app = new Quayside({ storage: memoryStorage() })

// ─── the storage is required ─────────────────────────────────────────────────────────────────────────────────────────

// @ts-expect-error: there is no default storage
new Quayside({ logger: false })
// @ts-expect-error: it is made by memoryStorage()
new Quayside({ storage: 'redis://localhost' })
// @ts-expect-error: the factory is called
new Quayside({ storage: memoryStorage })
// @ts-expect-error: an option that there is not
new Quayside({ storage: memoryStorage(), retries: 5 })

// ─── the arguments are those of perform ──────────────────────────────────────────────────────────────────────────────

const charge = app.job('Charge', {
  queue: 'critical',
  async perform(orderId: number, method: 'visa' | 'sepa') {
    return `${orderId}${method}`
  },
})
const asJob: Job<[orderId: number, method: 'visa' | 'sepa']> = charge
const jid: Promise<string | null> = charge.performAsync(7, 'visa')
// @ts-expect-error: an argument is missing
charge.performAsync(7)
// @ts-expect-error: an argument of another type
charge.performAsync('7', 'visa')
// @ts-expect-error: a method that there is not
charge.performAsync(7, 'cash')
// @ts-expect-error: an argument too many
charge.performAsync(7, 'visa', true)

const none = app.job('None', { perform() {} })
none.performAsync()
// @ts-expect-error: it takes none
none.performAsync(7)

const optional = app.job('Optional', {
  perform(id: number, note?: string, times = 1) {
    return [this.jid, id, note, times]
  },
})
optional.performAsync(7)
optional.performAsync(7, 'note')
optional.performAsync(7, 'note', 3)
// @ts-expect-error: of another type
optional.performAsync(7, 3)

const rest = app.job('Rest', {
  perform(first: string, ...others: number[]) {
    return [this.jid, first, others]
  },
})
rest.performAsync('a')
rest.performAsync('a', 1, 2, 3)
// @ts-expect-error: of another type
rest.performAsync('a', 1, 'b')

const arrow = app.job('Arrow', { perform: (id: number) => id })
arrow.performAsync(7)

// ─── this is the run ─────────────────────────────────────────────────────────────────────────────────────────────────

const asRun = (run: Run): Run => run

app.job('This', {
  timeout: '10m',
  perform(id: number) {
    const signal: AbortSignal = this.signal
    this.progress(1, 10, 'pages')
    this.log.info({ id, attempt: this.attempt }, this.jid)
    // @ts-expect-error: the run has no such thing
    this.signals
    // @ts-expect-error: read only
    this.jid = 'mine'
    return this.stopping ? asRun(this) : signal
  },
})

// ─── what a job requires ─────────────────────────────────────────────────────────────────────────────────────────────

const upload = app.job('Upload', { requires: 'network', perform: (file: string) => file })
const required: 'network' | undefined = upload.requires
upload.set({ requires: 'network' }).performAsync(required ?? 'nothing')
// @ts-expect-error: nothing else can be required
app.job('Charged', { requires: 'power', perform: () => {} })

// ─── what survives JSON passes ───────────────────────────────────────────────────────────────────────────────────────

interface Address {
  readonly street: string
  readonly lines?: readonly string[]
}
interface Order {
  id: number
  to: Address
  history: { at: string; by: Address | null }[]
  byName: Record<string, number>
}
type Tree = { value: number; children: Tree[] }

app
  .job('Interface', { perform: (order: Order) => order })
  .performAsync({ id: 7, to: { street: 'a' }, history: [], byName: {} })
app
  .job('Readonly', { perform: (list: readonly string[], pair: readonly [number, string]) => [list, pair] })
  .performAsync(['a'], [1, 'a'])
app.job('Union', { perform: (value: string | number | boolean | null | Order) => value }).performAsync(null)
app.job('Literal', { perform: (state: 'open' | 'closed', one: 1) => [state, one] }).performAsync('open', 1)
app.job('Tree', { perform: (tree: Tree) => tree }).performAsync({ value: 1, children: [] })
app.job('Optional property', { perform: (options: { note?: string }) => options }).performAsync({})

// ─── what JSON would change is refused ───────────────────────────────────────────────────────────────────────────────

class Money {
  readonly amount: number
  constructor(amount: number) {
    this.amount = amount
  }
  plus(other: Money): Money {
    return new Money(this.amount + other.amount)
  }
}

// @ts-expect-error: a Date becomes a string
app.job('R1', { perform: (at: Date) => at }).performAsync(new Date())
// @ts-expect-error: a Map becomes {}
app.job('R2', { perform: (map: Map<string, number>) => map }).performAsync(new Map())
// @ts-expect-error: a Set becomes {}
app.job('R3', { perform: (set: Set<string>) => set }).performAsync(new Set())
// @ts-expect-error: undefined becomes null
app.job('R4', { perform: (value: string | undefined, id: number) => [value, id] }).performAsync('a', 7)
// @ts-expect-error: a bigint cannot be written
app.job('R5', { perform: (id: bigint) => id }).performAsync(7n)
// @ts-expect-error: an instance comes back without its methods
app.job('R6', { perform: (price: Money) => price }).performAsync(new Money(7))
// @ts-expect-error: a function is dropped
app.job('R7', { perform: (done: () => void) => done }).performAsync(() => {})
// @ts-expect-error: a symbol is dropped
app.job('R8', { perform: (key: symbol) => key }).performAsync(Symbol('a'))
// @ts-expect-error: a Date, deep inside
app.job('R9', { perform: (order: { lines: { at: Date }[] }) => order }).performAsync({ lines: [] })
// @ts-expect-error: a Date in a union
app.job('R10', { perform: (at: string | Date) => at }).performAsync('a')
// @ts-expect-error: a Date among the optional ones
app.job('R11', { perform: (id: number, at?: Date) => [id, at] }).performAsync(7)
// @ts-expect-error: a Date among the rest
app.job('R12', { perform: (...at: Date[]) => at }).performAsync(new Date())
// @ts-expect-error: a Date as a value of a record
app.job('R13', { perform: (at: Record<string, Date>) => at }).performAsync({})
// @ts-expect-error: a property that is there, and undefined
app.job('R14', { perform: (options: { note: string | undefined }) => options }).performAsync({ note: 'a' })
// @ts-expect-error: bytes
app.job('R15', { perform: (bytes: Uint8Array) => bytes }).performAsync(new Uint8Array())
// @ts-expect-error: a promise
app.job('R16', { perform: (value: Promise<number>) => value }).performAsync(Promise.resolve(1))

// The word of the compiler says why.
const refused = app.job('R17', { perform: (at: Date) => at })
const why: 'The arguments of perform must survive JSON: no undefined, Date, Map, bigint, function or class instance.' =
  refused.error

// ─── performed elsewhere ─────────────────────────────────────────────────────────────────────────────────────────────

const mailer = app.job<[userId: number, locale?: string]>('RubyMailerJob', { queue: 'mailers' })
mailer.performAsync(42)
mailer.performAsync(42, 'de')
// @ts-expect-error: of another type
mailer.performAsync('42')
// @ts-expect-error: it has to be given
mailer.performAsync()
app.job<[at: string]>('NoSpec').performAsync('a')
// @ts-expect-error: a Date becomes a string
app.job<[at: Date]>('RubyDateJob').performAsync(new Date())

export { asJob, jid, why }
