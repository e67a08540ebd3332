import { isIP } from 'node:net'
import { z } from 'zod'
import { type Asked, answered, mapped, notAsked, type Unanswered } from '../../../causes/asked.ts'
import type { Calls } from '../../../causes/calls.ts'
import type { AwsAction } from './actions.ts'
import * as answers from './answers.ts'
import { type AskAws, type AskPage, pageFrom, type ReadPages } from './asking.ts'
import type { AwsClients } from './clients.ts'
import type { HostedZone, NetworkInterface, RouteTable, SecurityRule, Vpc, VpcEndpoint, ZoneRecord } from './facts.ts'
import { resolverApi } from './resolver-api.ts'

const longZone = 'the zone has more records than are read, and none of them has the name of the host'

/** The most pages of one list that are read. */
const mostPages = 5

/** What is asked of AWS. */
export type AwsApi = ReturnType<typeof openApi>

/** The calls, each with what is taken of its answer. */
export function openApi(clients: AwsClients, calls: Calls, region: string) {
  const { ec2, route53, sts } = clients
  const regional = clients.of(region)

  const ask: AskAws = (action, about, send, form) =>
    calls.ask(action, { region, ...about }, async signal => form.parse(await send(signal)))

  /** Reads a list page by page. */
  const pages: ReadPages = async <Element>(action: AwsAction, page: AskPage<Element>) => {
    const all: Element[] = []
    let token: string | undefined
    for (let read = 0; read < mostPages; read += 1) {
      const seen = await page(token)
      if (seen.kind === 'unanswered') return seen
      all.push(...seen.answer.of)
      token = seen.answer.next
      if (token === undefined || token === '') return answered(all)
    }
    return { kind: 'unanswered', because: 'failed', action, detail: `the list has more than ${mostPages} pages` }
  }
  /** The same for lists of EC2, whose form has no token. */
  const listed = <Element>(form: z.ZodType<readonly Element[]>) =>
    z.intersection(
      form.transform(of => ({ of })),
      z.object({ NextToken: z.string().optional() }).transform(({ NextToken }) => ({ next: NextToken }))
    )

  const interfaces = (
    about: { readonly ids: readonly string[] } | { readonly filter: string; readonly values: readonly string[] }
  ) =>
    ask(
      'ec2:DescribeNetworkInterfaces',
      about,
      signal =>
        regional.ec2.send(
          new ec2.DescribeNetworkInterfacesCommand(
            'ids' in about
              ? { NetworkInterfaceIds: [...about.ids] }
              : { Filters: [{ Name: about.filter, Values: [...about.values] }] }
          ),
          { abortSignal: signal }
        ),
      answers.Interfaces
    )

  return {
    account: () =>
      ask(
        'sts:GetCallerIdentity',
        {},
        signal => regional.sts.send(new sts.GetCallerIdentityCommand({}), { abortSignal: signal }),
        answers.CallerIdentity
      ),

    vpc: (id: string) =>
      ask<Vpc | undefined>(
        'ec2:DescribeVpcs',
        { id },
        signal =>
          unlessMissing('InvalidVpcID.NotFound', {}, () =>
            regional.ec2.send(new ec2.DescribeVpcsCommand({ VpcIds: [id] }), { abortSignal: signal })
          ),
        answers.Vpcs
      ),

    dnsSupport: (id: string) =>
      ask(
        'ec2:DescribeVpcAttribute',
        { id, attribute: 'enableDnsSupport' },
        signal =>
          regional.ec2.send(new ec2.DescribeVpcAttributeCommand({ VpcId: id, Attribute: 'enableDnsSupport' }), {
            abortSignal: signal
          }),
        answers.DnsSupport
      ),

    dnsHostnames: (id: string) =>
      ask(
        'ec2:DescribeVpcAttribute',
        { id, attribute: 'enableDnsHostnames' },
        signal =>
          regional.ec2.send(new ec2.DescribeVpcAttributeCommand({ VpcId: id, Attribute: 'enableDnsHostnames' }), {
            abortSignal: signal
          }),
        answers.DnsHostnames
      ),

    dhcpServers: (id: string) =>
      ask(
        'ec2:DescribeDhcpOptions',
        { id },
        signal =>
          regional.ec2.send(new ec2.DescribeDhcpOptionsCommand({ DhcpOptionsIds: [id] }), { abortSignal: signal }),
        answers.DhcpServers
      ),

    endpoint: (id: string) =>
      ask<VpcEndpoint | undefined>(
        'ec2:DescribeVpcEndpoints',
        { id },
        signal =>
          unlessMissing('InvalidVpcEndpointId.NotFound', {}, () =>
            regional.ec2.send(new ec2.DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }), { abortSignal: signal })
          ),
        answers.Endpoints
      ),

    interfaces: (ids: readonly string[]) => interfaces({ ids }),

    interfacesOfInstance: (id: string) => interfaces({ filter: 'attachment.instance-id', values: [id] }),

    /** Those that have one of some addresses. */
    interfacesAt: async (addresses: readonly string[]): Promise<Asked<readonly NetworkInterface[]>> => {
      const families = [
        { filter: 'addresses.private-ip-address', values: addresses.filter(at => isIP(at) === 4) },
        { filter: 'ipv6-addresses.ipv6-address', values: addresses.filter(at => isIP(at) === 6) }
      ].filter(({ values }) => values.length > 0)
      if (families.length === 0) return notAsked('ec2:DescribeNetworkInterfaces', 'this machine has no address')
      const all = await Promise.all(
        families.map(({ filter, values }) =>
          interfaces({ filter, values: [...new Set(values)].toSorted().slice(0, 100) })
        )
      )
      const [missing] = all.filter((each): each is Unanswered => each.kind === 'unanswered')
      return missing ?? answered(all.flatMap(each => (each.kind === 'answered' ? each.answer : [])))
    },

    rules: async (groupIds: readonly string[]): Promise<Asked<readonly SecurityRule[]>> =>
      groupIds.length === 0
        ? notAsked('ec2:DescribeSecurityGroupRules', 'no security group is known')
        : pages('ec2:DescribeSecurityGroupRules', token =>
            ask(
              'ec2:DescribeSecurityGroupRules',
              { groupIds, token },
              signal =>
                regional.ec2.send(
                  new ec2.DescribeSecurityGroupRulesCommand({
                    Filters: [{ Name: 'group-id', Values: [...groupIds] }],
                    MaxResults: 1000,
                    ...pageFrom(token)
                  }),
                  { abortSignal: signal }
                ),
              listed(answers.SecurityRules)
            )
          ),

    networkAcls: async (subnetIds: readonly string[]) =>
      subnetIds.length === 0
        ? notAsked('ec2:DescribeNetworkAcls', 'no subnet is known')
        : ask(
            'ec2:DescribeNetworkAcls',
            { subnetIds },
            signal =>
              regional.ec2.send(
                new ec2.DescribeNetworkAclsCommand({
                  Filters: [{ Name: 'association.subnet-id', Values: [...subnetIds] }]
                }),
                { abortSignal: signal }
              ),
            answers.NetworkAcls
          ),

    routeTables: async (vpcIds: readonly string[]): Promise<Asked<readonly RouteTable[]>> =>
      vpcIds.length === 0
        ? notAsked('ec2:DescribeRouteTables', 'no VPC is known')
        : pages('ec2:DescribeRouteTables', token =>
            ask(
              'ec2:DescribeRouteTables',
              { vpcIds, token },
              signal =>
                regional.ec2.send(
                  new ec2.DescribeRouteTablesCommand({
                    Filters: [{ Name: 'vpc-id', Values: [...vpcIds] }],
                    MaxResults: 100,
                    ...pageFrom(token)
                  }),
                  { abortSignal: signal }
                ),
              listed(answers.RouteTables)
            )
          ),

    prefixList: (id: string): Promise<Asked<readonly string[]>> =>
      pages('ec2:GetManagedPrefixListEntries', token =>
        ask(
          'ec2:GetManagedPrefixListEntries',
          { id, token },
          signal =>
            regional.ec2.send(
              new ec2.GetManagedPrefixListEntriesCommand({ PrefixListId: id, MaxResults: 100, ...pageFrom(token) }),
              { abortSignal: signal }
            ),
          listed(answers.PrefixListRanges)
        )
      ),

    zones: (vpcId: string): Promise<Asked<readonly HostedZone[]>> =>
      pages('route53:ListHostedZonesByVPC', token =>
        ask(
          'route53:ListHostedZonesByVPC',
          { vpcId, token },
          signal =>
            regional.route53.send(
              new route53.ListHostedZonesByVPCCommand({
                VPCId: vpcId,
                // The SDK lists the regions that it knows; AWS opens new ones faster.
                VPCRegion: region as NonNullable<
                  ConstructorParameters<typeof route53.ListHostedZonesByVPCCommand>[0]['VPCRegion']
                >,
                MaxItems: 100,
                ...pageFrom(token)
              }),
              { abortSignal: signal }
            ),
          listed(answers.Zones)
        )
      ),

    /** The name of a zone. `undefined` if there is no such zone. */
    zoneName: (zoneId: string) =>
      ask<string | undefined>(
        'route53:GetHostedZone',
        { zoneId },
        signal =>
          unlessMissing('NoSuchHostedZone', undefined, () =>
            regional.route53.send(new route53.GetHostedZoneCommand({ Id: zoneId }), { abortSignal: signal })
          ),
        answers.HostedZoneName.optional()
      ),

    /** The first 300 records of a zone, and those of the host and after it if there are more. */
    records: async (zoneId: string, host: string): Promise<Asked<readonly ZoneRecord[] | undefined>> => {
      const page = (start: string | undefined) =>
        ask<z.output<typeof answers.ZoneRecords> | undefined>(
          'route53:ListResourceRecordSets',
          { zoneId, start },
          signal =>
            unlessMissing('NoSuchHostedZone', undefined, () =>
              regional.route53.send(
                new route53.ListResourceRecordSetsCommand({
                  HostedZoneId: zoneId,
                  StartRecordName: start,
                  MaxItems: 300
                }),
                { abortSignal: signal }
              )
            ),
          answers.ZoneRecords.optional()
        )
      const first = await page(undefined)
      if (first.kind === 'unanswered' || first.answer === undefined || !first.answer.isCut) {
        return mapped(first, seen => seen?.records)
      }
      const { records } = first.answer
      const second = await page(host)
      if (second.kind === 'unanswered') return second
      const own = second.answer?.records ?? []
      // Records between the two may be of a wildcard, or of a name below the host.
      if (own.some(({ name }) => name === host)) return answered([...records, ...own])
      return { kind: 'unanswered', because: 'failed', action: 'route53:ListResourceRecordSets', detail: longZone }
    },

    ...resolverApi(ask, pages, regional.json)
  }
}

/** An answer for an object that does not exist, instead of an error. */
async function unlessMissing<Output, Missing>(
  code: string,
  missing: Missing,
  send: () => Promise<Output>
): Promise<Output | Missing> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof Error && error.name === code) return missing
    throw error
  }
}
