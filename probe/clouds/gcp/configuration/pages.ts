import { z } from 'zod'
import {
  ForwardingRuleAnswer,
  InstanceAnswer,
  ManagedZoneAnswer,
  RecordSetAnswer,
  ResponsePolicyAnswer,
  ResponseRuleAnswer,
  RouteAnswer,
  RouterAnswer,
  ServerPolicyAnswer,
  SubnetworkAnswer
} from './answers.ts'

/** A page of a list: the last one has no token. */
export interface GooglePage<Item> {
  readonly items: readonly Item[]
  readonly nextPageToken: string
}

const nextPageToken = z.string().default('')

// Lists of compute have their items in `items`, aggregated ones in a field for each region or zone; those of DNS have a field of their own.
export const ForwardingRulePage = z.object({ items: z.array(ForwardingRuleAnswer).default([]), nextPageToken })
export const RoutePage = z.object({ items: z.array(RouteAnswer).default([]), nextPageToken })
export const InstancePage = z
  .object({
    items: z.record(z.string(), z.object({ instances: z.array(InstanceAnswer).default([]) })).default({}),
    nextPageToken
  })
  .transform(page => ({ ...page, items: Object.values(page.items).flatMap(({ instances }) => instances) }))
export const RouterPage = z
  .object({
    items: z.record(z.string(), z.object({ routers: z.array(RouterAnswer).default([]) })).default({}),
    nextPageToken
  })
  .transform(page => ({ ...page, items: Object.values(page.items).flatMap(({ routers }) => routers) }))
export const SubnetworkPage = z
  .object({
    items: z.record(z.string(), z.object({ subnetworks: z.array(SubnetworkAnswer).default([]) })).default({}),
    nextPageToken
  })
  .transform(page => ({ ...page, items: Object.values(page.items).flatMap(({ subnetworks }) => subnetworks) }))
export const ManagedZonePage = z
  .object({ managedZones: z.array(ManagedZoneAnswer).default([]), nextPageToken })
  .transform(page => ({ items: page.managedZones, nextPageToken: page.nextPageToken }))
export const RecordSetPage = z
  .object({ rrsets: z.array(RecordSetAnswer).default([]), nextPageToken })
  .transform(page => ({ items: page.rrsets, nextPageToken: page.nextPageToken }))
export const ServerPolicyPage = z
  .object({ policies: z.array(ServerPolicyAnswer).default([]), nextPageToken })
  .transform(page => ({ items: page.policies, nextPageToken: page.nextPageToken }))
export const ResponsePolicyPage = z
  .object({ responsePolicies: z.array(ResponsePolicyAnswer).default([]), nextPageToken })
  .transform(page => ({ items: page.responsePolicies, nextPageToken: page.nextPageToken }))
export const ResponseRulePage = z
  .object({ responsePolicyRules: z.array(ResponseRuleAnswer).default([]), nextPageToken })
  .transform(page => ({ items: page.responsePolicyRules, nextPageToken: page.nextPageToken }))
