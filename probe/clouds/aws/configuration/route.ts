import type { Asked } from '../../../causes/asked.ts'
import type { RouteTable, VpcRoute } from './facts.ts'
import { isInRanges } from './security-group.ts'

/** The route table that packets from a subnet follow. `undefined` if no table is known for it. */
export function tableOf(
  tables: readonly RouteTable[],
  { vpcId, subnetId }: { readonly vpcId: string; readonly subnetId: string }
): RouteTable | undefined {
  return (
    tables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ??
    tables.find(table => table.vpcId === vpcId && table.isMain)
  )
}

/** Where a route table sends packets for an address. */
export type RouteVerdict =
  | { readonly kind: 'route'; readonly route: VpcRoute }
  | { readonly kind: 'none' }
  /** The ranges of this prefix list are not known, and may hold the address. */
  | { readonly kind: 'unknown'; readonly prefixListId: string }

/** The most specific route to an address. */
export function judgeRoute(
  { routes }: RouteTable,
  prefixLists: Readonly<Record<string, Asked<readonly string[]>>>,
  address: string
): RouteVerdict {
  const matching: { readonly route: VpcRoute; readonly length: number }[] = []
  for (const route of routes) {
    const { to } = route
    const list = to.kind === 'range' ? undefined : prefixLists[to.prefixListId]
    if (to.kind === 'prefix-list' && list?.kind !== 'answered')
      return { kind: 'unknown', prefixListId: to.prefixListId }
    const ranges = to.kind === 'range' ? [to.range] : list?.kind === 'answered' ? list.answer : []
    for (const range of ranges) {
      if (isInRanges([range], address)) matching.push({ route, length: Number(range.split('/')[1]) })
    }
  }
  const [best] = matching.toSorted((one, other) => other.length - one.length)
  return best === undefined ? { kind: 'none' } : { kind: 'route', route: best.route }
}
