import type { Limit } from '../../probe/observers/within.ts'

/** A limit that nobody aborts. */
export const limit = (ms = 1000): Limit => ({ ms, signal: new AbortController().signal })

/** An observation without the time it took, to be compared as a whole. */
export function untimed<T extends { readonly seconds: number }>({ seconds: _, ...rest }: T): Omit<T, 'seconds'> {
  return rest
}
