import type { z } from 'zod'
import { type Asked, mapped } from '../../../causes/asked.ts'
import type { Calls } from '../../../causes/calls.ts'
import {
  EffectiveFirewallsAnswer,
  ForwardingRuleAnswer,
  InstanceAnswer,
  NetworkAnswer,
  type RecordSetAnswer,
  type RouteAnswer,
  type RouterAnswer,
  type SubnetworkAnswer
} from './answers.ts'
import type { ProjectResponseRule, ProjectServerPolicy, ProjectZone } from './facts.ts'
import type { GoogleApi, GoogleRequest } from './google-api.ts'
import { GoogleFault } from './google-fault.ts'
import { isUrlOf, type VpcName, vpcPath } from './network.ts'
import {
  ForwardingRulePage,
  type GooglePage,
  InstancePage,
  ManagedZonePage,
  RecordSetPage,
  ResponsePolicyPage,
  ResponseRulePage,
  RoutePage,
  RouterPage,
  ServerPolicyPage,
  SubnetworkPage
} from './pages.ts'

/** Every permission that a reading needs, as a custom role names it. */
export const actions = [
  'compute.forwardingRules.get',
  'compute.forwardingRules.list',
  'compute.instances.get',
  'compute.instances.list',
  'compute.networks.get',
  'compute.networks.getEffectiveFirewalls',
  'compute.networks.getRegionEffectiveFirewalls',
  'compute.routers.list',
  'compute.routes.list',
  'compute.subnetworks.list',
  'dns.managedZones.list',
  'dns.policies.list',
  'dns.resourceRecordSets.list',
  'dns.responsePolicies.list',
  'dns.responsePolicyRules.list'
] as const
export type GcpAction = (typeof actions)[number]

/** A list that is longer is not read. */
const mostPages = 20

/** The most items that a page has: of compute's lists, and of those of DNS. */
const pageSizes = { compute: '500', dns: '1000' } as const

/** A policy for responses that has more is not read whole; a network has at most one policy of its own. */
const mostPolicies = 5

/** What Google's APIs are asked for. Each answer is kept and shared by the targets that need it. */
export interface GcpReader {
  readonly forwardingRule: (project: string, region: string, name: string) => Answer<ForwardingRuleAnswer | undefined>
  /** The forwarding rule of a region that has an address. */
  readonly forwardingRuleAt: (
    project: string,
    region: string,
    address: string
  ) => Answer<ForwardingRuleAnswer | undefined>
  readonly instance: (project: string, zone: string, name: string) => Answer<InstanceAnswer | undefined>
  /** The machine of a project that has an address. */
  readonly instanceAt: (project: string, address: string) => Answer<InstanceAnswer | undefined>
  readonly network: (network: VpcName) => Answer<NetworkAnswer | undefined>
  readonly firewalls: (network: VpcName) => Answer<EffectiveFirewallsAnswer | undefined>
  readonly regionalFirewalls: (network: VpcName, region: string) => Answer<EffectiveFirewallsAnswer | undefined>
  readonly routes: (network: VpcName) => Answer<readonly RouteAnswer[]>
  readonly routers: (network: VpcName) => Answer<readonly RouterAnswer[]>
  readonly subnetworks: (network: VpcName) => Answer<readonly SubnetworkAnswer[]>
  readonly zones: (project: string) => Answer<readonly ProjectZone[]>
  readonly records: (zone: ProjectZone) => Answer<readonly RecordSetAnswer[]>
  readonly serverPolicies: (project: string) => Answer<readonly ProjectServerPolicy[]>
  /** The rules of the response policies that a network has in a project: two calls, one after the other. */
  readonly responseRules: (project: string, network: VpcName) => Answer<readonly ProjectResponseRule[]>
}

type Answer<Given> = Promise<Asked<Given>>

/** Asks Google's APIs. */
export function gcpReader(google: GoogleApi, calls: Calls): GcpReader {
  const get = <Schema extends z.ZodType>(action: GcpAction, request: GoogleRequest, answer: Schema) =>
    calls.ask(action, request, signal => google.get(request, answer, signal))

  /** Of a thing that does not exist, there are none. */
  const list = <Item>(action: GcpAction, request: GoogleRequest, page: z.ZodType<GooglePage<Item>>) =>
    calls.ask(action, request, async signal => {
      const items: Item[] = []
      let pageToken = ''
      for (let pages = 0; pages < mostPages; pages += 1) {
        const maxResults = pageSizes[request.service]
        const query = { ...request.query, maxResults, ...(pageToken === '' ? {} : { pageToken }) }
        const found = await google.get({ ...request, query }, page, signal)
        items.push(...(found?.items ?? []))
        pageToken = found?.nextPageToken ?? ''
        if (pageToken === '') return items
      }
      throw new GoogleFault('failed', `the list has more than ${mostPages} pages`)
    })

  const compute = (path: string, query: Readonly<Record<string, string>> = {}): GoogleRequest => ({
    service: 'compute',
    path,
    query
  })
  const dns = (path: string): GoogleRequest => ({ service: 'dns', path })

  return {
    forwardingRule: (project, region, name) =>
      get(
        'compute.forwardingRules.get',
        compute(`projects/${part(project)}/regions/${part(region)}/forwardingRules/${part(name)}`),
        ForwardingRuleAnswer
      ),
    forwardingRuleAt: async (project, region, address) => {
      const path = `projects/${part(project)}/regions/${part(region)}/forwardingRules`
      const filter = `IPAddress = "${address}"`
      const found = await list('compute.forwardingRules.list', compute(path, { filter }), ForwardingRulePage)
      return mapped(found, all => all.find(({ IPAddress }) => IPAddress === address))
    },
    instance: (project, zone, name) =>
      get(
        'compute.instances.get',
        compute(`projects/${part(project)}/zones/${part(zone)}/instances/${part(name)}`),
        InstanceAnswer
      ),
    instanceAt: async (project, address) => {
      const path = `projects/${part(project)}/aggregated/instances`
      const filter = `networkInterfaces.networkIP = "${address}"`
      const found = await list('compute.instances.list', compute(path, { filter }), InstancePage)
      return mapped(found, all =>
        all.find(({ networkInterfaces }) => networkInterfaces.some(({ networkIP }) => networkIP === address))
      )
    },
    network: network => get('compute.networks.get', compute(pathOfVpc(network)), NetworkAnswer),
    firewalls: network =>
      get(
        'compute.networks.getEffectiveFirewalls',
        compute(`${pathOfVpc(network)}/getEffectiveFirewalls`),
        EffectiveFirewallsAnswer
      ),
    regionalFirewalls: (network, region) =>
      get(
        'compute.networks.getRegionEffectiveFirewalls',
        compute(`projects/${part(network.project)}/regions/${part(region)}/firewallPolicies/getEffectiveFirewalls`, {
          network: vpcPath(network)
        }),
        EffectiveFirewallsAnswer
      ),
    routes: async network => {
      const request = compute(`projects/${part(network.project)}/global/routes`, { filter: isOfVpc(network) })
      const found = await list('compute.routes.list', request, RoutePage)
      return mapped(found, all => all.filter(each => isUrlOf(network)(each.network)))
    },
    routers: async network => {
      const request = compute(`projects/${part(network.project)}/aggregated/routers`, { filter: isOfVpc(network) })
      const found = await list('compute.routers.list', request, RouterPage)
      return mapped(found, all => all.filter(each => isUrlOf(network)(each.network)))
    },
    subnetworks: async network => {
      const request = compute(`projects/${part(network.project)}/aggregated/subnetworks`, { filter: isOfVpc(network) })
      const found = await list('compute.subnetworks.list', request, SubnetworkPage)
      return mapped(found, all => all.filter(each => isUrlOf(network)(each.network)))
    },
    zones: async project => {
      const found = await list('dns.managedZones.list', dns(`projects/${part(project)}/managedZones`), ManagedZonePage)
      return mapped(found, all => all.map(zone => ({ ...zone, project })))
    },
    records: ({ project, name }) =>
      list(
        'dns.resourceRecordSets.list',
        dns(`projects/${part(project)}/managedZones/${part(name)}/rrsets`),
        RecordSetPage
      ),
    serverPolicies: async project => {
      const found = await list('dns.policies.list', dns(`projects/${part(project)}/policies`), ServerPolicyPage)
      return mapped(found, all => all.map(policy => ({ ...policy, project })))
    },
    responseRules: async (project, network) => {
      const path = `projects/${part(project)}/responsePolicies`
      const policies = await list('dns.responsePolicies.list', dns(path), ResponsePolicyPage)
      if (policies.kind === 'unanswered') return policies
      const own = policies.answer.filter(({ networks }) =>
        networks.some(({ networkUrl }) => isUrlOf(network)(networkUrl))
      )
      return allOf(
        await Promise.all(
          own.slice(0, mostPolicies).map(async ({ responsePolicyName: policy }) => {
            const rules = dns(`${path}/${part(policy)}/rules`)
            const found = await list('dns.responsePolicyRules.list', rules, ResponseRulePage)
            return mapped(found, all => all.map(rule => ({ ...rule, project, policy })))
          })
        )
      )
    }
  }
}

/** All items of some lists, if all are there. */
export function allOf<Item>(lists: readonly Asked<readonly Item[]>[]): Asked<readonly Item[]> {
  const items: Item[] = []
  for (const list of lists) {
    if (list.kind === 'unanswered') return list
    items.push(...list.answer)
  }
  return { kind: 'answered', answer: items }
}

const part = encodeURIComponent

const pathOfVpc = ({ project, name }: VpcName) => `projects/${part(project)}/global/networks/${part(name)}`

/** An expression for a list of compute. The name is matched whole, and the URL before it may be that of any address of the API. */
const isOfVpc = (network: VpcName) => `network eq ".*/${vpcPath(network)}"`
