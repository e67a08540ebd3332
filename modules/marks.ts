/** The tags and labels that every resource of an environment gets, unless the environment gives others of the same keys. */
export function marksOf(environment: string): Readonly<Record<string, string>> {
  return { environment, 'managed-by': 'zilliz-privatelink' }
}

/** The keys of these. */
export const markKeys: readonly string[] = Object.keys(marksOf(''))
