import { optionalText, text, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import { canonicalName } from '../private-dns.ts'
import type { Resource } from '../provider.ts'
import { sameValue } from '../value.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { modelledError } from './aws-error.ts'
import { newHostedZone } from './hosted-zone.ts'
import { changeTags } from './tags.ts'
import { conflictOf } from './vpc-association.ts'

/** A namespace of Cloud Map that a VPC sees, through a private hosted zone of its name. */
export interface DnsNamespace {
  readonly id: string
  readonly region: string
  readonly name: string
  readonly vpcId: string
  readonly hostedZoneId: string
  description: string
  tags: Record<string, string>
}

/** Plays aws_service_discovery_private_dns_namespace. */
export function privateDnsNamespace(cloud: AwsCloud): Resource {
  return {
    type: 'aws_service_discovery_private_dns_namespace',
    forcesReplacement: ['name', 'vpc'],

    create: planned => {
      const region = text(planned, 'region')
      const vpcId = text(planned, 'vpc')
      const name = text(planned, 'name')
      const vpc = { id: vpcId, region }
      const hostedZoneId = `Z0${cloud.identifiers.capitals(19, 'hosted zone', name, vpcId)}`
      const comment = 'Created by AWS Cloud Map namespace'
      const zone = newHostedZone({
        id: hostedZoneId,
        accountId: cloud.accountId,
        name: canonicalName(name),
        comment,
        tags: {}
      })
      if (cloud.vpcs.get(vpcId)?.region !== region) {
        const message = `The VPC: ${vpcId} in region ${region} that you provided is not authorized to make the association.`
        throw failedOperation(name, 'InvalidVPCId', message)
      }
      const conflict = conflictOf(cloud, zone, vpc)
      if (conflict !== undefined) throw failedOperation(name, 'ConflictingDomainExists', conflict)
      zone.vpcs = [vpc]
      cloud.hostedZones.set(hostedZoneId, zone)
      const id = `ns-${cloud.identifiers.smalls(16, 'namespace', name, vpcId)}`
      const description = optionalText(planned, 'description') ?? ''
      const tags = textMap(planned, 'tags_all')
      cloud.dnsNamespaces.set(id, { id, region, name, vpcId, hostedZoneId, description, tags })
      cloud.note('servicediscovery:CreatePrivateDnsNamespace', id)
      return id
    },

    read: ({ id }) => {
      const namespace = cloud.dnsNamespaces.get(String(id))
      if (namespace === undefined) return undefined
      return {
        arn: regionalArn(cloud, 'servicediscovery', namespace.region, `namespace/${namespace.id}`),
        description: namespace.description,
        hosted_zone: namespace.hostedZoneId,
        name: namespace.name,
        region: namespace.region,
        tags_all: namespace.tags
      }
    },

    update: (planned, prior) => {
      const namespace = cloud.dnsNamespaces.get(text(prior, 'id'))
      if (namespace === undefined) return
      const actions = { set: 'servicediscovery:TagResource', remove: 'servicediscovery:UntagResource' }
      changeTags(cloud, actions, namespace, namespace.id, planned)
      if (!sameValue(planned.description, prior.description)) {
        namespace.description = optionalText(planned, 'description') ?? ''
        cloud.note('servicediscovery:UpdatePrivateDnsNamespace', namespace.id)
      }
    },

    delete: ({ id }) => {
      const namespace = cloud.dnsNamespaces.get(String(id))
      if (namespace === undefined) return
      if ([...cloud.discoveryServices.values()].some(({ namespaceId }) => namespaceId === namespace.id)) {
        throw modelledError(`deleting Service Discovery Private DNS Namespace (${namespace.id})`, 'ServiceDiscovery', {
          call: 'DeleteNamespace',
          code: 'ResourceInUse',
          message: 'Namespace has associated services; delete the services before deleting the namespace'
        })
      }
      cloud.dnsNamespaces.delete(namespace.id)
      cloud.hostedZones.delete(namespace.hostedZoneId)
      cloud.note('servicediscovery:DeleteNamespace', namespace.id)
    }
  }
}

// Cloud Map accepts the call and fails later, when Route 53 refuses it the zone.
function failedOperation(name: string, code: string, message: string): CloudError {
  const waiting = `waiting for Service Discovery Private DNS Namespace (${name}) create`
  const state = "unexpected state 'FAIL', wanted target 'SUCCESS'"
  const answer = `${message} (Service: AmazonRoute53; Status Code: 400; Error Code: ${code})`
  return new CloudError(`${waiting}: ${state}. last error: CANNOT_CREATE_HOSTED_ZONE: ${answer}`)
}
