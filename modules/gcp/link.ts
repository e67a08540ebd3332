import { z } from 'zod'
import { type Mistake, shown } from '../mistakes.ts'
import { shapedText } from '../shaped-text.ts'
import { hostsElsewhere, ZillizHosts } from '../zilliz.ts'
import { Zone } from '../zone.ts'
import { longestName, names } from './names.ts'

const GcpRegion = shapedText({
  pattern: /^[a-z]+-[a-z]+\d+$/,
  is: 'a Google Cloud region such as us-west1',
  find: 'give the region of your subnet',
  slip: given =>
    given.startsWith('gcp-')
      ? `must be Google's own spelling, got ${shown(given)}; write ${given.slice('gcp-'.length)}`
      : undefined
})

// https://cloud.google.com/resource-manager/docs/creating-managing-projects: 6 to 30 letters, digits and hyphens;
// a project of a legacy organization has its domain in front.
const Project = shapedText({
  pattern: /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  is: 'a Google Cloud project id such as my-project-123',
  find: 'copy the ID, not the name or number, from the Google Cloud dashboard'
})

const serviceAttachment =
  /^projects\/[^/]+\/regions\/([a-z]+-[a-z]+\d+)\/serviceAttachments\/[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const ServiceAttachment = shapedText({
  pattern: serviceAttachment,
  is: 'a service attachment such as projects/vendor/regions/us-west1/serviceAttachments/name',
  find: 'copy it from the Add Private Link dialog of Zilliz Cloud'
})

/** Names of Compute Engine resources: https://cloud.google.com/compute/docs/naming-resources */
const resourceName = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

const Network = shapedText({
  pattern: resourceName,
  is: 'the name of a VPC network such as default',
  find: 'copy it from the column Name of the VPC networks page'
})

const Subnetwork = shapedText({
  pattern: resourceName,
  is: 'the name of a subnet such as default',
  find: "copy it from the network's page, tab Subnets"
})

const EndpointPrefix = shapedText({
  pattern: resourceName,
  is: 'lower-case letters, digits and hyphens, with a letter first, such as zilliz',
  find: 'give the prefix that you enter in the Add Private Link dialog of Zilliz Cloud'
})

const NetworkTag = shapedText({
  pattern: resourceName,
  is: 'a network tag such as bastion',
  find: "copy it from the VM's page, field Network tags"
})

const fields = z.strictObject({
  cloud: z.literal('gcp').describe('The cloud that hosts the database.'),
  project: Project.describe('The id of the project that gets the endpoint; "Google Cloud Project ID" in the dialog.'),
  region: GcpRegion.describe("The subnet's region, in Google's own spelling: `us-west1`."),
  serviceAttachment: ServiceAttachment.describe(
    'The service attachment that the Add Private Link dialog of Zilliz Cloud names.'
  ),
  network: Network.describe('The VPC network whose clients reach the database; "VPC Name" in the dialog.'),
  subnetwork: Subnetwork.describe('The subnet that gives the endpoint its address; "Subnet Name" in the dialog.'),
  endpointPrefix: EndpointPrefix.describe(
    'What the names of all the link makes begin with; "Private Service Connect Endpoint prefix" in the dialog.'
  ),
  zone: Zone,
  hosts: ZillizHosts,
  iapSshTargetTags: z
    .array(NetworkTag)
    .min(1, 'must not be empty; leave the key out if no test VM is to be reached')
    .optional()
    .describe(
      "Network tags of test VMs that may be reached by SSH through Identity-Aware Proxy, the guide's tcp:22 rule. The private link does not need it. Left out: no such rule."
    )
})

/** A private link on Google Cloud, as an environment's literal describes it. */
export const GcpLink = fields.superRefine(
  (link, context) => {
    for (const { path, message } of disagreements(link)) context.addIssue({ code: 'custom', path: [...path], message })
  },
  // Also when another field could not be read: every mistake is reported at once.
  { when: () => true }
)

export type GcpLink = z.output<typeof GcpLink>

/** What is wrong between fields that are each well formed. A field that could not be read takes no part. */
function disagreements(link: Partial<z.output<typeof fields>>): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const attachmentRegion = serviceAttachment.exec(link.serviceAttachment ?? '')?.[1]
  const region = GcpRegion.safeParse(link.region).data
  if (attachmentRegion !== undefined && region !== undefined && attachmentRegion !== region) {
    mistakes.push({
      path: ['serviceAttachment'],
      message: `is in ${attachmentRegion}, but the link is in ${region}, got ${shown(link.serviceAttachment)}; give the service attachment of ${region}`
    })
  }
  if (attachmentRegion !== undefined) mistakes.push(...hostsElsewhere(link.hosts, 'gcp', attachmentRegion))
  const prefix = EndpointPrefix.safeParse(link.endpointPrefix).data
  if (prefix !== undefined && region !== undefined) {
    const { hostZone, ...fixed } = names(prefix, region)
    const clusters = Array.isArray(link.hosts) ? link.hosts.flatMap(host => host?.cluster ?? []) : []
    const all = [...Object.values(fixed), ...clusters.map(hostZone)]
    const longest = all.reduce((a, b) => (b.length > a.length ? b : a))
    if (longest.length > longestName) {
      mistakes.push({
        path: ['endpointPrefix'],
        message: `makes the name ${longest}, ${longest.length - longestName} characters longer than the ${longestName} that Google Cloud takes, got ${shown(prefix)}; shorten it`
      })
    }
  }
  return mistakes
}
