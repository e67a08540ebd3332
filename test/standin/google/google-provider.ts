import { optionalText } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Change, Provider } from '../provider.ts'
import type { Attributes } from '../value.ts'
import { repositoryIamMember } from './artifact-registry-repository-iam-member.ts'
import { computeAddress } from './compute-address.ts'
import { computeFirewall } from './compute-firewall.ts'
import { computeForwardingRule, forwardingRuleData } from './compute-forwarding-rule.ts'
import { computeInstanceGroupManager } from './compute-instance-group-manager.ts'
import { computeInstanceTemplate } from './compute-instance-template.ts'
import { network, networkData } from './compute-network.ts'
import { subnetwork, subnetworkData } from './compute-subnetwork.ts'
import { dnsManagedZone } from './dns-managed-zone.ts'
import { managedZoneData } from './dns-managed-zone-data.ts'
import { dnsRecordSet } from './dns-record-set.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { readLabels } from './labels.ts'
import { projectIamCustomRole } from './project-iam-custom-role.ts'
import { projectIamMember } from './project-iam-member.ts'
import { serviceAccount } from './service-account.ts'

/** Plays hashicorp/google over projects in memory. */
export function googleProvider(cloud: GoogleCloud): Provider {
  return {
    name: 'google',
    resources: [
      computeAddress(cloud),
      computeFirewall(cloud),
      computeForwardingRule(cloud),
      computeInstanceGroupManager(cloud),
      computeInstanceTemplate(cloud),
      dnsManagedZone(cloud),
      dnsRecordSet(cloud),
      network(cloud),
      projectIamCustomRole(cloud),
      projectIamMember(cloud),
      repositoryIamMember(cloud),
      serviceAccount(cloud),
      subnetwork(cloud)
    ],
    dataSources: [forwardingRuleData(cloud), managedZoneData(cloud), networkData(cloud), subnetworkData(cloud)],
    plan: planProject,
    read: readLabels
  }
}

function planProject({ prior, config, planned }: Change, settings: Attributes): void {
  if (config.project !== null || prior !== undefined) return
  const project = optionalText(settings, 'project')
  if (project === undefined) {
    throw new CloudError('Failed to retrieve project, pid: , err: project: required field is not set')
  }
  planned.project = project
}
