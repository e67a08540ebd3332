/** One thing that was seen, as a person reads it. */
export interface Seen {
  /** Whether a client gets on from there; `undefined` if it is only good to know. */
  readonly good: boolean | undefined
  /** A resolver, `libc` or an address. */
  readonly where: string
  readonly what: string
  /** How long it took. */
  readonly seconds?: number
  /** More about it, a line each. */
  readonly more?: readonly string[]
}
