/** What is measured together, and shown as one table. */
export type Suite = readonly Case[]

/** One question, put to several variants in turns: to ours and to our peers, or to two ways of doing one thing. */
export interface Case {
  /** For `--only`. */
  readonly name: string
  readonly title: (jobs: number) => string
  /** The program in `measured/` that answers it. */
  readonly program: string
  /** The flags of node that the program needs. */
  readonly flags?: readonly string[]
  /** How many jobs, unless `--jobs` or `--quick` say otherwise. */
  readonly jobs: number
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
  /** Compared with this variant, run for run: what slows down one run slows down its neighbour too. */
  readonly per?: string
  readonly atLeast?: number | undefined
  readonly atMost?: number | undefined
}
