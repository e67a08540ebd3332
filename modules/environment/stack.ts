import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { Fn, TerraformOutput, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import { stringify } from 'yaml'
import type { ProbeConfig } from '../../probe/target.ts'
import type { AwsLink } from '../aws/link.ts'
import { AwsPrivateLink } from '../aws/private-link.ts'
import { ZoneRole } from '../aws/zone-role.ts'
import { AwsZones } from '../aws/zones.ts'
import { endpointIdsOutput } from '../endpoint-id.ts'
import type { GcpLink } from '../gcp/link.ts'
import { GcpPrivateLink } from '../gcp/private-link.ts'
import { GcpZones } from '../gcp/zones.ts'
import { marksOf } from '../marks.ts'
import type { PrivateLink } from '../private-link.ts'
import type { Probe } from '../probe.ts'
import { probedNetwork } from '../probed-network.ts'
import { ZillizProvider } from '../zilliz/provider.ts'
import { addBackend } from './backend.ts'
import type { Environment } from './environment.ts'

/** A link of the environment, and what was made of it. */
type Deployed = { readonly name: string } & (
  | { readonly cloud: 'aws'; readonly link: AwsLink; readonly made: AwsPrivateLink }
  | { readonly cloud: 'gcp'; readonly link: GcpLink; readonly made: GcpPrivateLink }
)

/** The Terraform stack of one environment: its backend, providers, private links and outputs. */
export class EnvironmentStack extends TerraformStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment.name)

    // 1.5 has `check`, 1.10 the lock file of the S3 backend.
    this.addOverride('terraform.required_version', '>= 1.10')
    addBackend(this, environment.name, environment.backend)
    const links = this.addLinks(environment, this.addProviders(environment))
    this.addOutputs(links, this.addProbes(links))
  }

  /** @returns what acts for the other account that owns zones on AWS, where there is AWS */
  private addProviders({ name, links, tags, labels, aws, gcp }: Environment): ZoneRole | undefined {
    const used = Object.values(links)
    const marks = marksOf(name)
    const [awsRegion] = used.flatMap(link => (link.cloud === 'aws' ? [link.region] : [])).sort()
    const providerRegion = aws?.region ?? awsRegion
    if (providerRegion !== undefined) {
      // One provider for all regions, and each resource names its own: with a provider for each region, the last link of
      // a region could not be removed, because its provider would go with it.
      new AwsProvider(this, 'aws', {
        region: providerRegion,
        defaultTags: [{ tags: { ...marks, ...tags } }],
        ...(aws?.allowedAccountIds === undefined ? {} : { allowedAccountIds: aws.allowedAccountIds }),
        ...(aws?.roleArn === undefined ? {} : { assumeRole: [{ roleArn: aws.roleArn }] })
      })
    }
    if (used.some(link => link.zilliz !== undefined)) new ZillizProvider(this, 'zilliz')
    if (gcp !== undefined || used.some(link => link.cloud === 'gcp')) {
      const google = new GoogleProvider(this, 'google', { ...gcp })
      // As a property, cdktf would write the label cost-center as cost_center.
      google.addOverride('default_labels', { ...marks, ...labels })
    }
    if (providerRegion === undefined) return undefined
    const roleArn = used.flatMap(link => (link.cloud === 'aws' ? (link.zoneRoleArn ?? []) : []))[0]
    return new ZoneRole(this, 'aws-zone-role', { region: providerRegion, roleArn })
  }

  private addLinks({ name: environment, links, protect }: Environment, zoneRole?: ZoneRole): readonly Deployed[] {
    const used = Object.values(links)
    const awsZones = new AwsZones(
      this,
      used.filter(link => link.cloud === 'aws'),
      zoneRole
    )
    const gcpZones = new GcpZones(
      this,
      used.filter(link => link.cloud === 'gcp')
    )
    return Object.entries(links).map(([name, link]) => {
      const common = { environment, isProtected: protect.includes(name) }
      return link.cloud === 'aws'
        ? {
            name,
            cloud: 'aws',
            link,
            made: new AwsPrivateLink(this, name, { ...common, link, zone: awsZones.of(name, link) })
          }
        : {
            name,
            cloud: 'gcp',
            link,
            made: new GcpPrivateLink(this, name, { ...common, link, zone: gcpZones.of(name, link) })
          }
    })
  }

  /** The probes of the links that have one; each watches every link in its network. */
  private addProbes(links: readonly Deployed[]): Readonly<Record<string, Probe>> {
    const aws = links.filter(link => link.cloud === 'aws')
    const gcp = links.filter(link => link.cloud === 'gcp')
    const inNetworkOf = <Each extends Deployed>({ link }: Each, links: readonly Each[]): readonly Each['made'][] =>
      links.filter(other => probedNetwork(other.link) === probedNetwork(link)).map(({ made }) => made)
    return Object.fromEntries([
      ...aws.flatMap(one => {
        const { probe } = one.link
        return probe === undefined ? [] : [[one.name, one.made.addProbe(probe, inNetworkOf(one, aws))] as const]
      }),
      ...gcp.flatMap(one => {
        const { probe } = one.link
        return probe === undefined ? [] : [[one.name, one.made.addProbe(probe, inNetworkOf(one, gcp))] as const]
      })
    ])
  }

  private addOutputs(links: readonly Deployed[], probes: Readonly<Record<string, Probe>>): void {
    const byName = <Value>(of: (link: PrivateLink) => Value) =>
      Object.fromEntries(links.map(({ name, made }) => [name, of(made)]))

    new TerraformOutput(this, 'register', {
      description: 'What to enter in the Add Private Link dialog of Zilliz Cloud',
      value: byName(link => link.registration)
    })
    new TerraformOutput(this, 'endpoint_ids', {
      description: 'The endpoints as Zilliz Cloud identifies them, for programs',
      value: endpointIdsOutput(byName(link => link.endpointId))
    })
    new TerraformOutput(this, 'links', {
      description: 'What was made, and whether Zilliz Cloud has accepted it',
      value: byName(({ connectionStatus, addresses, records }) => ({
        connection_status: connectionStatus,
        addresses,
        records
      }))
    })
    const registrations = links.flatMap(({ name, made }) =>
      made.registrationId === undefined ? [] : [[name, made.registrationId] as const]
    )
    if (registrations.length > 0) {
      new TerraformOutput(this, 'registrations', {
        description: 'The endpoints that the deploy has registered with Zilliz Cloud',
        value: Object.fromEntries(registrations)
      })
    }
    const config: ProbeConfig = { targets: links.flatMap(({ made }) => made.targets) }
    new TerraformOutput(this, 'probe_config', {
      description: 'The config of the probe, as JSON',
      value: Fn.jsonencode(config)
    })
    if (Object.keys(probes).length === 0) return
    new TerraformOutput(this, 'probes', {
      description: 'How to find the probes',
      value: Object.fromEntries(Object.entries(probes).map(([name, { scrape }]) => [name, scrape]))
    })
    new TerraformOutput(this, 'scrape_configs', {
      description: 'A scrape config for Prometheus, with a job for each probe',
      value: stringify({
        scrape_configs: Object.entries(probes).map(([name, { scrapeConfig }]) => ({
          job_name: `privatelink/${this.node.id}/${name}`,
          scrape_interval: '10s',
          // The probe's own labels win over labels of the same name that Prometheus adds, such as environment.
          honor_labels: true,
          ...scrapeConfig
        }))
      })
    })
  }
}
