import { createLibcObserver } from '../observers/libc.ts'
import type { Limit } from '../observers/within.ts'

const observe = createLibcObserver()

process.on('message', async ({ host, ms }: { readonly host: string } & Pick<Limit, 'ms'>) => {
  process.send?.(await observe(host, { ms, signal: new AbortController().signal }))
})
