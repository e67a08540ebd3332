import { z } from 'zod'
import { FieldName, NimbusRegion } from '../../probe/clouds/nimbus/target.ts'
import { shapedText } from '../../probe/schema/shaped-text.ts'
import type { Claim } from '../claim.ts'
import { commonProbeOptions, probeClaim, probeMistakes } from '../probe-options.ts'
import { hostsElsewhere, ZillizHosts } from '../zilliz/host.ts'
import { vendorOf, ZillizOption, zillizMistakes } from '../zilliz/zilliz-option.ts'
import { recordClaim, Zone, zoneClaim, zoneMistakes } from '../zone.ts'

/** The service of Zilliz Cloud that a gate opens to. */
const Service = shapedText({
  pattern: /^service-[0-9a-z]+$/,
  is: 'a service such as service-0a1b2c',
  find: 'Copy it from the Add Private Link dialog of Zilliz Cloud.'
})

/** The probe, as a leaf of the field. */
export const NimbusProbeOptions = z.strictObject(commonProbeOptions)

/** What answers a link's hosts: each kind with the fields that say more of it. */
const NimbusZone = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('per-host') }),
  z.object({ kind: z.literal('existing'), zoneName: z.string() }),
  z.object({ kind: z.literal('none') })
])

const fields = z.strictObject({
  cloud: z.literal('nimbus').describe('The cloud that hosts the database.'),
  region: NimbusRegion.describe("The gate's region, as Nimbus spells it: `north-1`."),
  field: FieldName.describe('The field whose clients reach the database.'),
  service: Service.optional().describe('The service that the Add Private Link dialog of Zilliz Cloud names.'),
  gate: FieldName.describe('The name of the gate.'),
  address: z.ipv4().describe('The address of the gate.'),
  hosts: ZillizHosts,
  zilliz: ZillizOption.optional().describe('Register the gate and read the hosts through the API of Zilliz Cloud.'),
  zone: Zone.extract(['per-host', 'existing', 'none']),
  zoneName: FieldName.optional().describe("The zone, with `zone: 'existing'`."),
  probe: NimbusProbeOptions.optional().describe('Deploy [the probe](#the-probe) into the field. Default: no probe.')
})

/** The options of a link on Nimbus, as an environment's literal has them. */
export const NimbusLinkOptions = fields.superRefine(
  (link, context) => {
    const mistakes = [
      ...zoneMistakes(link, NimbusZone.options),
      ...probeMistakes(link.probe, link.hosts),
      ...zillizMistakes(link.zilliz, ['service', link.service, undefined], link.hosts),
      ...(NimbusRegion.safeParse(link.region).success ? hostsElsewhere(link.hosts, 'nimbus', link.region) : [])
    ]
    for (const { path, message } of mistakes) context.addIssue({ code: 'custom', path: [...path], message })
  },
  { when: () => true }
)
export type NimbusLinkOptions = z.output<typeof NimbusLinkOptions>
export type NimbusLink = ReturnType<typeof readNimbusLink>

/** Reads a link of options that agree with each other. */
export function readNimbusLink({ zone: kind, zoneName, service, zilliz, ...link }: NimbusLinkOptions) {
  return { ...link, zone: NimbusZone.parse({ kind, zoneName }), vendor: vendorOf(service, zilliz) }
}

/** What a link owns. */
export function nimbusClaims(environment: string, link: NimbusLink): readonly Claim[] {
  const wayOut = 'Give one of them another.'
  return [
    { what: `the gate ${link.gate} in ${link.region}`, wayOut },
    ...zoneClaims(link),
    ...(link.probe === undefined ? [] : [probeClaim(environment, link.field)])
  ]
}

function zoneClaims({ zone, field, hosts }: NimbusLink): readonly Claim[] {
  switch (zone.kind) {
    case 'per-host':
      return hosts.map(({ name }) => zoneClaim(name, field))
    case 'existing':
      return hosts.map(({ name }) => recordClaim(name, `the zone ${zone.zoneName}`))
    case 'none':
      return []
  }
}
