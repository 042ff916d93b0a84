/** What is measured together, each case shown as one table. */
export interface Suite {
  readonly cases: readonly Case[]
  /** Whose versions decide about the figures. */
  readonly packages: readonly string[]
  /** How the contenders are set up, as far as that is not their own defaults. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** What cannot be measured on this machine, and is left out. */
  readonly missing?: () => Missing | undefined
  /** Starts what the programs need beside them. */
  readonly ground?: (wishes: Wishes) => Promise<Ground>
}

export interface Missing {
  readonly variants: readonly string[]
  readonly why: string
}

/** What the command line says about the ground. */
export interface Wishes {
  readonly aof: boolean
}

/** What measured programs need beside them: a Redis, say. */
export interface Ground {
  readonly about: Readonly<Record<string, string>>
  /** What each program is told beside its own settings. */
  readonly settings: Settings
  /** Before each run: as if there had been none before. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** One question, put to several variants in turns: to ours and to our peers, or to two ways of doing one thing. */
export interface Case {
  /** For `--only`. */
  readonly name: string
  readonly title: (jobs: number) => string
  /** The program in `measured/` that answers it. */
  readonly program: string
  /** Variants that another program answers for, in another language say. */
  readonly programs?: Readonly<Record<string, string>>
  /** The flags of node that the program needs. */
  readonly flags?: readonly string[]
  /** How many jobs, unless `--jobs` or `--quick` say otherwise. */
  readonly jobs: number
  /** How many runs are enough, where it is a count that is measured and no speed. */
  readonly runs?: number
  /** What the program is told, by variant. */
  readonly variants: Readonly<Record<string, (jobs: number) => Settings>>
  readonly figures: Readonly<Record<string, Figure>>
  readonly targets?: readonly Target[]
}

export type Settings = Readonly<Record<string, string | number>>

/** What a program measured, by the names that it gives. */
export type Figures = Readonly<Record<string, number>>

export interface Figure {
  readonly unit: string
  readonly digits?: number
}

/** What a figure of a variant, or its share of another variant's, should be; without a bound it is only shown. */
export interface Target {
  readonly figure: string
  readonly variant: string
  /**
   * Compared with this variant, run for run: what slows down one run slows down its neighbour too. Of several, with the
   * best one of each run: the largest, or where there is an `atMost` the smallest.
   */
  readonly per?: string | readonly string[]
  readonly atLeast?: number | undefined
  readonly atMost?: number | undefined
}
