import { ComputeInstanceGroupManager } from '@cdktf/provider-google/lib/compute-instance-group-manager/index.js'
import { ComputeInstanceTemplate } from '@cdktf/provider-google/lib/compute-instance-template/index.js'
import { Fn, type ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import type { ProbeConfig } from '../../probe/target.ts'
import { configAttribute, probeCloudConfig } from './probe-cloud-config.ts'

export interface ProbeVmsProps {
  readonly project: string
  readonly region: string
  readonly zones: readonly string[]
  /** The name of the group in a zone. */
  readonly groupName: (zone: string) => string
  readonly subnetworkSelfLink: string
  readonly machineType: string
  readonly image: string
  readonly port: number
  readonly config: ProbeConfig
  /** The e-mail address of the service account that the VMs act as. */
  readonly actsAs: string
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** What a VM needs from its start. */
  readonly dependsOn: readonly ITerraformDependable[]
}

/**
 * A VM of Container-Optimized OS in each zone, which runs the probe. The template of a VM has the config and the image. If one of them
 * changes, there is a new template, and each group replaces its VM. The new VM starts first.
 */
export class ProbeVms extends Construct {
  constructor(scope: Construct, id: string, props: ProbeVmsProps) {
    super(scope, id)
    const { project, region, port } = props

    const template = new ComputeInstanceTemplate(this, 'Resource', {
      project,
      region,
      namePrefix: 'privatelink-probe-',
      description: 'Probe of the private link to Zilliz Cloud',
      machineType: props.machineType,
      tags: [...props.tags],
      disk: [
        {
          // The family: a new VM has its newest image, and a newer one alone replaces no VM.
          sourceImage: 'projects/cos-cloud/global/images/family/cos-stable',
          boot: true,
          autoDelete: true,
          diskSizeGb: 10,
          diskType: 'pd-balanced'
        }
      ],
      // Without an access_config there is no external address.
      networkInterface: [{ subnetwork: props.subnetworkSelfLink }],
      // The scope lets the service account do what its roles let it, which is to write logs and to read the image.
      serviceAccount: { email: props.actsAs, scopes: ['https://www.googleapis.com/auth/cloud-platform'] },
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      dependsOn: [...props.dependsOn],
      lifecycle: { createBeforeDestroy: true }
    })
    // As properties, cdktf would write user-data as user_data.
    template.addOverride('metadata', {
      'user-data': probeCloudConfig(props),
      [configAttribute]: Fn.jsonencode(props.config),
      'google-logging-enabled': 'true',
      'enable-oslogin': 'TRUE',
      'block-project-ssh-keys': 'TRUE'
    })
    template.addOverride('labels', props.labels)
    for (const zone of props.zones) {
      const name = props.groupName(zone)
      new ComputeInstanceGroupManager(this, zone, {
        project,
        zone,
        name,
        baseInstanceName: name,
        description: 'Probe of the private link to Zilliz Cloud',
        version: [{ instanceTemplate: template.selfLinkUnique }],
        targetSize: 1,
        namedPort: [{ name: 'metrics', port }],
        updatePolicy: { type: 'PROACTIVE', minimalAction: 'REPLACE', maxSurgeFixed: 1, maxUnavailableFixed: 0 }
      })
    }
  }
}
