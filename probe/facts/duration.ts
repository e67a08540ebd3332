/** Seconds as a person reads them: `0.4 ms`, `12 ms`, `3.5 s`. */
export function duration(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(1)} s`
  const milliseconds = seconds * 1000
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}
