import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { resourceName } from '../../probe/clouds/gcp/identifiers.ts'
import { shown } from '../../probe/schema/mistakes.ts'
import { leftover, shapedText } from '../../probe/schema/shaped-text.ts'

/** A zone of a region. */
export const GcpZone = shapedText({
  pattern: /^[a-z]+-[a-z]+\d+-[a-z]$/,
  is: 'a zone such as us-west1-a',
  find: 'Give a region with the letter of a zone behind it.'
})

/** The path of a VPC network, which may be in another project. */
export const NetworkPath = shapedText({
  pattern: /^projects\/[a-z0-9.:-]+\/global\/networks\/[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  is: 'the path of a VPC network such as projects/my-project-123/global/networks/default',
  find: 'Put its project and name in.'
})

/** The name of a subnet. */
export const SubnetworkName = shapedText({
  pattern: resourceName,
  is: 'the name of a subnet such as default',
  find: "Copy it from the network's page, tab Subnets."
})

/** What an endpoint's names begin with. */
export const EndpointPrefix = shapedText({
  pattern: resourceName,
  is: 'lower-case letters, digits and hyphens, with a letter first, such as zilliz',
  find: 'Give the prefix that you enter in the Add Private Link dialog of Zilliz Cloud.'
})

/** A tag of VMs. */
export const NetworkTag = shapedText({
  pattern: resourceName,
  is: 'a network tag such as bastion',
  find: "Copy it from the VM's page, field LinkNetwork tags."
})

/** The e-mail address of a service account. */
export const ServiceAccount = shapedText({
  pattern: /^[a-z0-9.-]+@[a-z0-9.-]+\.gserviceaccount\.com$/,
  is: 'the e-mail address of a service account such as search@my-project-123.iam.gserviceaccount.com',
  find: 'Copy it from the page Service accounts.'
})

/** An IPv4 address. */
export const Ipv4Address = z.string().superRefine((given, context) => {
  const mistake =
    leftover(given) ??
    (isIPv4(given)
      ? undefined
      : `must be an IPv4 address such as 10.138.0.5, got ${shown(given)}. Take a free one of the subnet.`)
  if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake })
})

/**
 * The form of a service attachment's path: the one that literals, and what the API of Zilliz Cloud answers, are held to.
 *
 * @param region matches the region
 * @returns a regular expression of the whole path, without anchors, that JavaScript and Terraform (RE2) read alike
 */
export function serviceAttachmentForm(region: string): string {
  return `projects/[a-z0-9.:-]+/regions/${region}/serviceAttachments/[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?`
}

/** The service attachment that Zilliz Cloud publishes. */
export const ServiceAttachment = shapedText({
  pattern: new RegExp(`^${serviceAttachmentForm('[a-z]+-[a-z]+[0-9]+')}$`),
  is: 'a service attachment such as projects/vendor/regions/us-west1/serviceAttachments/name',
  find: 'Copy it from the Add Private Link dialog of Zilliz Cloud.'
})

/** The region in the path of a service attachment. */
export function regionOfAttachment(path: unknown): string | undefined {
  return ServiceAttachment.safeParse(path).data?.split('/')[3]
}
