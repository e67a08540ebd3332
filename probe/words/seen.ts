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

/** Seconds as a person reads them: `0.4 ms`, `12 ms`, `3.5 s`. */
export function duration(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(1)} s`
  const milliseconds = seconds * 1000
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}
