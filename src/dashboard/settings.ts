import { aDuration, type Duration, toMs } from '../duration.ts'
import { aBoolean, aFunction, checkOptions, oneOf, type Rules, rule, strings } from '../options.ts'
import type { Authorize } from './access.ts'
import type { Audit } from './audit.ts'
import { languageCodes } from './locale.ts'
import { isSensitive, type Redact } from './redact.ts'

export interface DashboardOptions {
  /** Who may do what. Without it the dashboard answers to this machine only. */
  readonly authorize?: Authorize
  /** Where it is mounted, as people's browsers see it: '/quayside'. Default '', the root. */
  readonly basePath?: string
  /** Which values of arguments are hidden. Default: those whose name sounds secret. False: none. */
  readonly redact?: Redact | false
  /** Nobody may change anything, whatever `authorize` says. Default false. */
  readonly readOnly?: boolean
  /** Told of every action. */
  readonly audit?: Audit
  /** The language for those who wish none that is spoken. Default 'en'. */
  readonly language?: string
  /** A queue whose next job has waited for so long is late. Default '5m'. */
  readonly lateAfter?: Duration
  /** Origins that people see, where a proxy changes the host: ['https://jobs.example.com']. */
  readonly origins?: readonly string[]
}

/** The options, checked and complete. */
export interface Settings {
  readonly authorize: Authorize | undefined
  readonly basePath: string
  readonly redact: Redact
  readonly readOnly: boolean
  readonly audit: Audit | undefined
  readonly language: string
  readonly lateAfterMs: number
  readonly origins: readonly string[]
}

const OPTIONS: Rules = {
  authorize: aFunction,
  basePath: rule(
    "a path such as '/quayside', of letters, digits, and _ . ~ -",
    (value) => typeof value === 'string' && /^(?:\/[\w.~-]+)*\/?$/.test(value),
  ),
  redact: rule('a function, or false', (value) => value === false || typeof value === 'function'),
  readOnly: aBoolean,
  audit: aFunction,
  language: oneOf(...languageCodes),
  lateAfter: aDuration,
  origins: strings,
}

/** Throws OptionError for a wrong option. */
export function settingsOf(options: DashboardOptions): Settings {
  checkOptions('dashboard()', options, OPTIONS)
  const { authorize, redact = isSensitive, readOnly = false, audit, language = 'en', origins = [] } = options
  return {
    authorize,
    basePath: (options.basePath ?? '').replace(/\/$/, ''),
    redact: redact === false ? () => false : redact,
    readOnly,
    audit,
    language,
    lateAfterMs: toMs(options.lateAfter ?? '5m', 'dashboard(): lateAfter'),
    origins,
  }
}
