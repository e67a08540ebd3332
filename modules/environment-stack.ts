import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { Fn, TerraformOutput, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import type { ProbeConfig } from '../probe/target.ts'
import type { AwsLink } from './aws/link.ts'
import { ParentZone as AwsParentZone } from './aws/parent-zone.ts'
import { PerHostZone as AwsPerHostZone } from './aws/per-host-zone.ts'
import { AwsPrivateLink } from './aws/private-link.ts'
import { addBackend } from './backend.ts'
import type { Environment } from './environment.ts'
import type { GcpLink } from './gcp/link.ts'
import { names } from './gcp/names.ts'
import { ParentZone as GcpParentZone } from './gcp/parent-zone.ts'
import { PerHostZone as GcpPerHostZone } from './gcp/per-host-zone.ts'
import { GcpPrivateLink } from './gcp/private-link.ts'
import type { PrivateLink } from './private-link.ts'

/** The Terraform stack of one environment: its backend, providers, private links and outputs. */
export class EnvironmentStack extends TerraformStack {
  private readonly environment: Environment

  constructor(scope: Construct, environment: Environment) {
    super(scope, environment.name)
    this.environment = environment

    // 1.5 has `check`, 1.10 the lock file of the S3 backend.
    this.addOverride('terraform.required_version', '>= 1.10')
    addBackend(this, environment.name, environment.backend)
    this.addProviders()

    const links = Object.entries(environment.links).map(([name, link]) => ({
      name,
      link: link.cloud === 'aws' ? this.awsLink(name, link) : this.gcpLink(name, link)
    }))
    this.addOutputs(links)
  }

  private addProviders(): void {
    const links = Object.values(this.environment.links)
    const marks = { environment: this.environment.name, 'managed-by': 'zilliz-privatelink' }
    const [awsRegion] = links.flatMap(link => (link.cloud === 'aws' ? [link.region] : [])).sort()
    if (awsRegion !== undefined) {
      // One provider for all regions, and each resource names its own: with a provider for each region, the last link of
      // a region could not be removed, because its provider would go with it.
      new AwsProvider(this, 'aws', {
        region: awsRegion,
        defaultTags: [{ tags: { ...this.environment.tags, ...marks } }]
      })
    }
    if (links.some(link => link.cloud === 'gcp')) {
      const google = new GoogleProvider(this, 'google')
      // As a property, cdktf would write the label cost-center as cost_center.
      google.addOverride('default_labels', { ...this.environment.labels, ...marks })
    }
  }

  private awsLink(name: string, link: AwsLink): PrivateLink {
    const { region, vpcId } = link
    const zone = link.zone === 'parent' ? this.awsParentZone(region, vpcId) : new AwsPerHostZone({ region, vpcId })
    return new AwsPrivateLink(this, name, { ...link, environment: this.environment.name, zone })
  }

  private gcpLink(name: string, link: GcpLink): PrivateLink {
    const { project, network } = link
    const linkNames = names(link.endpointPrefix, link.region)
    const zone =
      link.zone === 'parent'
        ? this.gcpParentZone(project, network)
        : new GcpPerHostZone({ project, network, names: linkNames })
    return new GcpPrivateLink(this, name, { ...link, environment: this.environment.name, names: linkNames, zone })
  }

  // A network has at most one zone of a name: links of the same network share it, whichever comes first or goes.
  private awsParentZone(region: string, vpcId: string): AwsParentZone {
    const id = `parent-zone-${vpcId}`
    const made = this.node.tryFindChild(id)
    return made instanceof AwsParentZone ? made : new AwsParentZone(this, id, { region, vpcId })
  }

  private gcpParentZone(project: string, network: string): GcpParentZone {
    const id = `parent-zone-${project}-${network}`
    const made = this.node.tryFindChild(id)
    return made instanceof GcpParentZone ? made : new GcpParentZone(this, id, { project, network })
  }

  private addOutputs(links: readonly { readonly name: string; readonly link: PrivateLink }[]): void {
    const byName = <Value>(of: (link: PrivateLink) => Value) =>
      Object.fromEntries(links.map(({ name, link }) => [name, of(link)]))

    new TerraformOutput(this, 'register', {
      description: 'What to enter in the Add Private Link dialog of Zilliz Cloud',
      value: byName(link => link.registration)
    })
    new TerraformOutput(this, 'links', {
      description: 'What was made, and whether Zilliz Cloud has accepted it',
      value: byName(({ connectionStatus, addresses, records }) => ({
        connection_status: connectionStatus,
        addresses,
        records
      }))
    })
    const config: ProbeConfig = { targets: links.flatMap(({ link }) => link.targets) }
    new TerraformOutput(this, 'probe_config', {
      description: 'The config of the probe, as JSON',
      value: Fn.jsonencode(config)
    })
  }
}
