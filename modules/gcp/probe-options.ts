import { z } from 'zod'
import { shapedText } from '../../probe/schema/shaped-text.ts'
import { Cidr } from '../cidr.ts'
import { distinctTexts } from '../distinct.ts'
import { commonProbeOptions } from '../probe-options.ts'
import { GcpZone, NetworkTag, ServiceAccount } from './identifiers.ts'

const MachineType = shapedText({
  pattern: /^[a-z][a-z0-9-]+$/,
  is: 'a machine type such as e2-micro',
  find: 'Choose one that the zones have.'
})

/** Who may read the metrics: an address range, or the network tag of VMs. */
const Scraper = z.string().transform((given, context) => {
  const result = (given.includes('/') ? Cidr : NetworkTag).safeParse(given)
  if (result.success) return result.data
  for (const { message } of result.error.issues) context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** A probe on Compute Engine, as a link's literal describes it. */
export const GcpProbeOptions = z
  .strictObject({
    ...commonProbeOptions,
    scrapeFrom: distinctTexts(Scraper, 'scrapeFrom')
      .min(1, 'must not be empty. Name where Prometheus connects from.')
      .superRefine((scrapers, context) => {
        // The limits of a firewall rule cannot be raised: https://cloud.google.com/firewall/docs/quotas
        const tags = scrapers.filter(scraper => !scraper.includes('/'))
        if (tags.length > 30) {
          context.addIssue({
            code: 'custom',
            message: `must have at most 30 network tags, got ${tags.length}. Google Cloud accepts no more source tags in a firewall rule. Give address ranges.`
          })
        }
      })
      .describe('The sources that may read the metrics, such as Prometheus: address ranges, or network tags of VMs.'),
    zones: distinctTexts(GcpZone, 'zones')
      .min(1, 'must not be empty. Name the zones that your clients run in.')
      .describe("The zones of the link's region in which a VM with the probe runs."),
    networkTags: distinctTexts(NetworkTag, 'networkTags')
      // The limits of a VM cannot be raised: https://cloud.google.com/vpc/docs/add-remove-network-tags
      .max(62, 'must be at most 62. Google Cloud accepts 64 network tags on a VM, and a deploy may add two.')
      .default([])
      .describe(
        'Network tags of the clients for the VMs, so that the rules for the clients apply to them. Those in `egressTargetTags` of the links are added.'
      ),
    serviceAccount: ServiceAccount.optional().describe(
      '[A service account of yours](../gcp/README.md#identity-of-the-probe) that the VMs act as. Default: the deploy makes one and grants it its roles.'
    ),
    machineType: MachineType.default('e2-micro').describe('The machine type of the VMs.')
  })
  .describe('The probe, on Compute Engine.')

export type GcpProbeOptions = z.output<typeof GcpProbeOptions>
