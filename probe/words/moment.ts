/** A moment as a person reads it, whatever zone they are in: `2026-11-24 12:03:04 UTC`. */
export function moment(at: number): string {
  return `${new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** How long something lasts, in one unit: `40 s`, `12 min`, `3 h`, `5 days`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} days`
}
