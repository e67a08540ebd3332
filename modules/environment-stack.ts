import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { Fn, TerraformOutput, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import type { ProbeConfig } from '../probe/target.ts'
import { AwsPrivateLink } from './aws/private-link.ts'
import { AwsZones } from './aws/zones.ts'
import { addBackend } from './backend.ts'
import type { Environment } from './environment.ts'
import { GcpPrivateLink } from './gcp/private-link.ts'
import { GcpZones } from './gcp/zones.ts'
import type { PrivateLink } from './private-link.ts'

/** The Terraform stack of one environment: its backend, providers, private links and outputs. */
export class EnvironmentStack extends TerraformStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment.name)

    // 1.5 has `check`, 1.10 the lock file of the S3 backend.
    this.addOverride('terraform.required_version', '>= 1.10')
    addBackend(this, environment.name, environment.backend)
    this.addProviders(environment)
    this.addOutputs(this.addLinks(environment))
  }

  private addProviders({ name, links, tags, labels, aws, gcp }: Environment): void {
    const used = Object.values(links)
    const marks = { environment: name, 'managed-by': 'zilliz-privatelink' }
    const [awsRegion] = used.flatMap(link => (link.cloud === 'aws' ? [link.region] : [])).sort()
    const providerRegion = aws?.region ?? awsRegion
    if (providerRegion !== undefined) {
      // One provider for all regions, and each resource names its own: with a provider for each region, the last link of
      // a region could not be removed, because its provider would go with it.
      new AwsProvider(this, 'aws', {
        region: providerRegion,
        defaultTags: [{ tags: { ...tags, ...marks } }],
        ...(aws?.allowedAccountIds === undefined ? {} : { allowedAccountIds: aws.allowedAccountIds }),
        ...(aws?.roleArn === undefined ? {} : { assumeRole: [{ roleArn: aws.roleArn }] })
      })
    }
    if (gcp !== undefined || used.some(link => link.cloud === 'gcp')) {
      const google = new GoogleProvider(this, 'google', { ...gcp })
      // As a property, cdktf would write the label cost-center as cost_center.
      google.addOverride('default_labels', { ...labels, ...marks })
    }
  }

  private addLinks({ name: environment, links, protect }: Environment): Readonly<Record<string, PrivateLink>> {
    const used = Object.values(links)
    const awsZones = new AwsZones(
      this,
      used.filter(link => link.cloud === 'aws')
    )
    const gcpZones = new GcpZones(
      this,
      used.filter(link => link.cloud === 'gcp')
    )
    return Object.fromEntries(
      Object.entries(links).map(([name, link]) => {
        const common = { environment, isProtected: protect.includes(name) }
        return [
          name,
          link.cloud === 'aws'
            ? new AwsPrivateLink(this, name, { ...common, link, zone: awsZones.of(name, link) })
            : new GcpPrivateLink(this, name, { ...common, link, zone: gcpZones.of(name, link) })
        ]
      })
    )
  }

  private addOutputs(links: Readonly<Record<string, PrivateLink>>): void {
    const byName = <Value>(of: (link: PrivateLink) => Value) =>
      Object.fromEntries(Object.entries(links).map(([name, link]) => [name, of(link)]))

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
    const config: ProbeConfig = { targets: Object.values(links).flatMap(({ targets }) => targets) }
    new TerraformOutput(this, 'probe_config', {
      description: 'The config of the probe, as JSON',
      value: Fn.jsonencode(config)
    })
  }
}
