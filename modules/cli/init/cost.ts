import { clouds } from '../../starters.ts'
import type { WrittenEnvironment } from './written-environment.ts'

/** What an environment costs a month by list prices, in lines: the sum, its items, what it leaves out, and where to check it. */
export function costLines({ cloud, name, link }: WrittenEnvironment): readonly string[] {
  const zones = zonesOf(link)
  const { items, usdPerGigabyte, region, asOf, pages } = clouds[cloud].cost(link, zones)
  const counted = items.filter(({ count }) => count > 0)
  const sum = counted.reduce((total, { count, usd }) => total + count * usd, 0)
  return [
    `${name} costs ${inUsd(sum)} USD a month, by list prices of ${region} as of ${asOf}:`,
    ...counted.map(({ what, count, usd }) => `  ${inUsd(count * usd).padStart(6)}  ${what}: ${count} × ${usd}`),
    `Not included: ${usdPerGigabyte} USD a gigabyte, DNS queries, taxes and your discounts. Check the prices:`,
    ...pages.map(page => `  ${page}`)
  ]
}

/** The private zones that a link makes. With a zone for each host, it is one until hosts are known. */
function zonesOf({ zone, hosts, zilliz }: WrittenEnvironment['link']): number {
  if (zone === 'parent') return 1
  if (zone === 'existing' || zone === 'none') return 0
  const clusters = typeof zilliz === 'object' && zilliz !== null && 'clusters' in zilliz ? zilliz.clusters : []
  const perHost = [hosts, clusters].flatMap(list => (Array.isArray(list) ? list : [])).length
  return Math.max(1, perHost) + (zone === 'per-host' ? 0 : 1)
}

function inUsd(amount: number): string {
  return amount.toFixed(2)
}
