import { createLibcLookups, mostLookups } from '../../probe/observers/libc-lookups.ts'
import { a, startResolver } from './resolver.ts'

/**
 * Looks up hosts where the system's resolver is this process, on port 53: it answers for `good.example` and for no other
 * name. Prints what came of each lookup, in the order in which it did, and ends with lookups in flight.
 */
await using _ = await startResolver(
  ({ name, type }) => {
    if (name !== 'good.example') return 'drop'
    return type === 'A' ? { answers: [a(name, '10.0.0.7')] } : {}
  },
  { port: 53 }
)
const lookups = createLibcLookups(bug => console.error(bug))
const told: unknown[] = []
const lookUp = async (host: string) => {
  const seen = await lookups.lookUp(host)
  told.push([host, seen?.kind ?? 'nothing'])
}
const first = lookUp('silent.example')
const others = Array.from({ length: mostLookups - 2 }, (_, index) => lookUp(`silent-${index}.example`))
told.push(['full', lookups.isFull()])
const good = lookUp('good.example')
told.push(['full', lookups.isFull()])
await good
await first
await Promise.all(others)
const late = [lookUp('silent.example'), lookUp('silent.example')]
await lookUp('good.example')
await lookups.close()
await Promise.all(late)
console.log(JSON.stringify(told))
