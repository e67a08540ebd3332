/** One observation, as a person reads it. */
export interface Seen {
  /** Whether a client can continue from there; `undefined` for information only. */
  readonly good: boolean | undefined
  /** A resolver, `libc` or an address. */
  readonly where: string
  readonly what: string
  /** How long it took, in seconds. */
  readonly seconds?: number
  /** Details, one per line. */
  readonly more?: readonly string[]
}
