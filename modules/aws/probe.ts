import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster/index.js'
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service/index.js'
import { Annotations } from 'cdktf'
import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { written } from '../elements.ts'
import type { Probe } from '../probe.ts'
import { LinkVpc } from './link-vpc.ts'
import { ProbeNames } from './probe-names.ts'
import type { AwsProbeOptions } from './probe-options.ts'
import { ProbeSecurityGroup, type WatchedVpcEndpoint } from './probe-security-group.ts'
import { ProbeTask } from './probe-task.ts'
import { requireGroupsInVpc } from './require-groups-in-vpc.ts'

export interface AwsProbeProps {
  readonly environment: string
  /** The name of the link that it belongs to. */
  readonly linkName: string
  readonly link: { readonly region: string; readonly vpcId: string; readonly subnetIds: readonly string[] }
  readonly options: AwsProbeOptions
  /** The link's network. */
  readonly network: LinkVpc
  /** The endpoints of the targets. */
  readonly endpoints: readonly WatchedVpcEndpoint[]
  readonly targets: readonly Target[]
}

/** The probe in the VPC that it judges: a service of Amazon ECS on Fargate in each subnet, so that each availability zone is judged from inside. */
export class AwsProbe extends Construct implements Probe {
  readonly scrape: Probe['scrape']
  readonly scrapeConfig: Probe['scrapeConfig']

  constructor(scope: Construct, id: string, props: AwsProbeProps) {
    super(scope, id)
    const { environment, linkName, options, endpoints, targets } = props
    const { region, vpcId } = props.link
    const { port, image } = options
    const name = `zilliz-${environment}-${linkName}-probe`
    const subnetIds = options.subnetIds ?? props.link.subnetIds
    const domain = `${linkName}.${environment}.privatelink.internal`

    const network =
      options.subnetIds === undefined
        ? props.network
        : new LinkVpc(this, 'network', { region, vpcId, subnetIds: written(subnetIds), ipAddressType: 'ipv4' })
    requireGroupsInVpc(new Construct(this, 'client-security-groups'), {
      region,
      vpcId,
      securityGroupIds: written(options.clientSecurityGroupIds),
      where: `${this.node.path}: clientSecurityGroupIds`
    })
    const securityGroup = new ProbeSecurityGroup(this, 'security-group', {
      name,
      region,
      vpcId,
      network,
      port,
      scrapeFrom: options.scrapeFrom,
      httpsTo: options.httpsTo,
      endpoints,
      isClient: options.clientSecurityGroupIds.length > 0
    })
    const task = new ProbeTask(this, 'task', {
      name,
      environment,
      link: linkName,
      region,
      image,
      executionRoleArn: options.executionRoleArn,
      permissionsBoundaryArn: options.permissionsBoundaryArn,
      cloudFacts: options.cloudFacts,
      taskRoleArn: options.taskRoleArn,
      isByNat: options.httpsTo !== undefined,
      port,
      domain,
      cpuArchitecture: options.cpuArchitecture,
      logRetentionDays: options.logRetentionDays,
      // A service of one task in each subnet.
      config: {
        targets: [...targets],
        probes: subnetIds.length,
        ...(options.cloudFacts ? { cloudFacts: true } : {})
      }
    })
    if (options.cloudFacts && options.httpsTo === undefined) {
      Annotations.of(this).addWarning(
        'cloudFacts: the probe reaches the APIs of Amazon EC2, Route 53, its Resolver and Profiles, and STS only at interface endpoints in the VPC. What has no endpoint stays not known. Give httpsTo for a way out by NAT.'
      )
    }
    const names = new ProbeNames(this, 'names', { name, region, vpcId, domain })
    const cluster = new EcsCluster(this, 'Resource', { region, name, tags: { Name: name } })
    for (const subnetId of subnetIds) {
      new EcsService(this, subnetId, {
        region,
        name: subnetId,
        cluster: cluster.arn,
        taskDefinition: task.taskDefinitionArn,
        launchType: 'FARGATE',
        desiredCount: 1,
        // Another one is up before the one before goes, and one that does not come up leaves it standing.
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        networkConfiguration: {
          subnets: [subnetId],
          securityGroups: [securityGroup.securityGroupId, ...options.clientSecurityGroupIds]
        },
        serviceRegistries: { registryArn: names.add(subnetId) },
        enableEcsManagedTags: true,
        propagateTags: 'SERVICE',
        tags: { Name: name }
      })
    }

    const hosts = subnetIds.map(subnetId => `${subnetId}.${domain}`)
    this.scrape = { names: hosts, port }
    this.scrapeConfig = {
      dns_sd_configs: [{ names: hosts, type: 'A', port }],
      // The instance is <subnet>/<address>:<port>. The address of a probe that is gone no longer tells where it was, its subnet does.
      relabel_configs: [
        {
          source_labels: ['__meta_dns_name', '__address__'],
          separator: '/',
          regex: '([^.]+)[^/]*/(.+)',
          target_label: 'instance',
          replacement: '$1/$2'
        }
      ]
    }
  }
}
