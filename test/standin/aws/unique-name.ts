/** A name that the provider makes up: a prefix and the twenty-six digits of a time and a counter. */
export function uniqueName(prefix: string | undefined, isTaken: (name: string) => boolean): string {
  for (let nth = 1; ; nth += 1) {
    const name = `${prefix ?? 'terraform-'}20260101000000000000${String(nth).padStart(6, '0')}`
    if (!isTaken(name)) return name
  }
}

/** The prefix of a name that the provider made up, or nothing where somebody chose it. */
export function prefixOf(name: string): string {
  return /^(.*)\d{26}$/.exec(name)?.[1] ?? ''
}
