import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { shown } from '../../probe/config/mistakes.ts'
import { leftover, shapedText } from '../shaped-text.ts'

/** Names of Compute Engine resources: https://cloud.google.com/compute/docs/naming-resources */
const resourceName = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** A region in Google's own spelling. Any of that form: Google opens new ones faster than a list is kept. */
export const GcpRegion = shapedText({
  pattern: /^[a-z]+-[a-z]+\d+$/,
  is: 'a Google Cloud region such as us-west1',
  find: 'give the region of your subnet',
  slip: given =>
    given.startsWith('gcp-')
      ? `must be Google's own spelling, got ${shown(given)}; write ${given.slice('gcp-'.length)}`
      : undefined
})

/** A zone of a region. */
export const GcpZone = shapedText({
  pattern: /^[a-z]+-[a-z]+\d+-[a-z]$/,
  is: 'a zone such as us-west1-a',
  find: 'give a region with the letter of a zone behind it'
})

/**
 * The id of a project: 6 to 30 letters, digits and hyphens; that of a legacy organization has its domain in front.
 * https://cloud.google.com/resource-manager/docs/creating-managing-projects
 */
export const Project = shapedText({
  pattern: /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  is: 'a Google Cloud project id such as my-project-123',
  find: 'copy the ID, not the name or number, from the Google Cloud dashboard'
})

/** The name of a VPC network. */
export const NetworkName = shapedText({
  pattern: resourceName,
  is: 'the name of a VPC network such as default',
  find: 'copy it from the column Name of the VPC networks page'
})

/** The path of a VPC network, which may be in another project. */
export const NetworkPath = shapedText({
  pattern: /^projects\/[a-z0-9.:-]+\/global\/networks\/[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  is: 'the path of a VPC network such as projects/my-project-123/global/networks/default',
  find: 'put its project and name in'
})

/** The name of a subnet. */
export const SubnetworkName = shapedText({
  pattern: resourceName,
  is: 'the name of a subnet such as default',
  find: "copy it from the network's page, tab Subnets"
})

/** What an endpoint's names begin with. */
export const EndpointPrefix = shapedText({
  pattern: resourceName,
  is: 'lower-case letters, digits and hyphens, with a letter first, such as zilliz',
  find: 'give the prefix that you enter in the Add Private Link dialog of Zilliz Cloud'
})

/** The name of a resource that was made by hand. */
export const ResourceName = shapedText({
  pattern: resourceName,
  is: 'the name of a resource such as zilliz-endpoint',
  find: 'copy it from its page in the Google Cloud console'
})

/** A tag of VMs. */
export const NetworkTag = shapedText({
  pattern: resourceName,
  is: 'a network tag such as bastion',
  find: "copy it from the VM's page, field Network tags"
})

/** The e-mail address of a service account. */
export const ServiceAccount = shapedText({
  pattern: /^[a-z0-9.-]+@[a-z0-9.-]+\.gserviceaccount\.com$/,
  is: 'the e-mail address of a service account such as search@my-project-123.iam.gserviceaccount.com',
  find: 'copy it from the page Service accounts'
})

/** An IPv4 address. */
export const Ipv4Address = z.string().superRefine((given, context) => {
  const mistake =
    leftover(given) ??
    (isIPv4(given)
      ? undefined
      : `must be an IPv4 address such as 10.138.0.5, got ${shown(given)}; take a free one of the subnet`)
  if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake })
})

/** The service attachment that Zilliz Cloud publishes. */
export const ServiceAttachment = shapedText({
  pattern: /^projects\/[^/]+\/regions\/[a-z]+-[a-z]+\d+\/serviceAttachments\/[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  is: 'a service attachment such as projects/vendor/regions/us-west1/serviceAttachments/name',
  find: 'copy it from the Add Private Link dialog of Zilliz Cloud'
})

/** The region in the path of a service attachment. */
export function regionOfAttachment(path: unknown): string | undefined {
  return ServiceAttachment.safeParse(path).data?.split('/')[3]
}
