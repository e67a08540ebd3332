import type { TerraformStack } from 'cdktf'
import { z } from 'zod'
import type { CloudShare, DeployableCloud, Named } from '../cloud.ts'
import { marksOf } from '../marks.ts'
import { shareOf } from '../share-of.ts'
import { zillizOf } from '../zilliz/zilliz-option.ts'
import { type NimbusLink, NimbusLinkOptions, NimbusProbeOptions, nimbusClaims, readNimbusLink } from './link.ts'
import { NimbusPrivateLink } from './private-link.ts'

const NimbusAccess = z
  .strictObject({ account: z.string().exactOptional().describe('The account that the environment may change.') })
  .describe('How the environment reaches Nimbus.')

/** Nimbus. */
export const nimbus = {
  access: { nimbus: NimbusAccess.optional() },
  accessOptions: NimbusAccess,
  marks: { ribbons: z.record(z.string(), z.string()).default({}).describe('Ribbons on every Nimbus resource.') },
  link: NimbusLinkOptions,
  // A gate opens for its own field alone, so a link has no gate of others.
  endpoint: z.strictObject({}),
  probe: NimbusProbeOptions,
  console: 'the Nimbus desk',
  permissions: { links: 'links.json', probe: 'probe.json', identity: 'probe-identity.json', spokes: 'spokes.json' },
  takenNames: ['nimbus'],
  mistakes: () => [],
  share
} as const satisfies DeployableCloud

interface OnNimbus {
  readonly name: string
  readonly protect: readonly string[]
  readonly ribbons: Readonly<Record<string, string>>
  readonly links: Readonly<Record<string, NimbusLinkOptions>>
}

function share({ name: environment, protect, ribbons, links }: OnNimbus): CloudShare {
  return shareOf({
    written: links,
    read: readNimbusLink,
    describe: (link: NimbusLink) => ({
      cloud: 'nimbus',
      regionId: `nimbus-${link.region}`,
      hosts: link.hosts,
      zilliz: zillizOf(link.vendor),
      endpointId: { id: link.gate, project: undefined },
      claims: nimbusClaims(environment, link)
    }),
    probedNetwork: ({ field }) => field,
    isUsed: Object.keys(links).length > 0,
    load:
      async () =>
      (stack: TerraformStack) =>
      ({ name, link }: Named<NimbusLink>) =>
        new NimbusPrivateLink(stack, name, {
          environment,
          link,
          marks: { ...marksOf(environment), ...ribbons },
          isProtected: protect.includes(name)
        })
  })
}
