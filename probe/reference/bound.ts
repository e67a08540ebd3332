/** A bound on what arrives from outside, and the test that reaches it. */
export interface Bound {
  /** What is bounded, as a noun: "DNS message". */
  readonly what: string
  /** The constant that the code uses, not a copy of it. */
  readonly most: number
  /** The unit of `most`, in the plural. Write milliseconds as `ms`. */
  readonly unit: string
  /** What the probe does beyond the bound, as a sentence. */
  readonly beyond: string
  /** The title of the test that reaches the bound, `group > title` if it is in a group; literals in one test file. */
  readonly test: string
}
