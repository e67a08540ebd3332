import { DataResource } from 'cdktf'
import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { targetName } from '../../probe/target-name.ts'
import type { EndpointIdentity } from '../endpoint-identity.ts'
import type { PrivateLink, PrivateRecord } from '../private-link.ts'
import type { Probe } from '../probe.ts'
import { ByApi } from '../zilliz/by-api.ts'
import { registerByHand } from '../zilliz/by-hand.ts'
import type { NimbusLink } from './link.ts'

export interface NimbusPrivateLinkProps {
  readonly environment: string
  readonly link: NimbusLink
  readonly marks: Readonly<Record<string, string>>
  readonly isProtected: boolean
}

/** A private link on Nimbus: a gate, and what answers each host. Terraform's own resource stands for those of the cloud. */
export class NimbusPrivateLink extends Construct implements PrivateLink {
  readonly registration: Readonly<Record<string, string>>
  readonly identity: EndpointIdentity
  readonly registrationId: string | undefined
  readonly connectionStatus = 'open'
  readonly addresses: readonly string[]
  readonly records: readonly PrivateRecord[]
  readonly targets: readonly Target[]

  constructor(scope: Construct, id: string, { environment, link, marks, isProtected }: NimbusPrivateLinkProps) {
    super(scope, id)
    const { region, field, gate: name, address, vendor: chosen } = link
    const vendor =
      chosen.kind === 'by-hand'
        ? { ...registerByHand(link.hosts), endpointService: chosen.endpointService, before: [] }
        : new ByApi(this, 'zilliz', {
            ...chosen.zilliz,
            endpointService: chosen.endpointService,
            serviceForm: 'service-[0-9a-z]+',
            hosts: link.hosts,
            cloud: 'nimbus',
            region,
            account: field,
            isProtected
          })
    const gate = new DataResource(this, 'gate', {
      input: { name, region, field, address, service: vendor.endpointService, marks },
      triggersReplace: { name, region },
      dependsOn: [...vendor.before],
      lifecycle: { preventDestroy: isProtected }
    })
    const registered = vendor.register(name)
    const hosts = [...vendor.written, ...registered.hosts]
    this.registration = { 'Cloud Provider': 'Nimbus', Region: region, Gate: name }
    this.identity = { id: name, project: undefined }
    this.registrationId = registered.id
    this.addresses = [address]
    this.records =
      link.zone.kind === 'none'
        ? []
        : hosts.map(({ name, cluster }) => {
            new DataResource(new Construct(this, `host-${cluster}`), 'record', {
              input: { name, address, gate: gate.id }
            })
            return { name, type: 'A', value: address, zone: name }
          })
    this.targets = hosts.map(({ name: host, port, cluster }) => ({
      name: targetName({ environment, link: id, cluster }),
      environment,
      cloud: 'nimbus',
      region,
      host,
      port,
      field,
      gate: name,
      gateAddress: address
    }))
  }

  /** Adds a probe that watches these links of the field. */
  addProbe(options: { readonly image: string; readonly port: number }, watched: readonly NimbusPrivateLink[]): Probe {
    const { image, port } = options
    const hosts = watched.flatMap(({ targets }) => targets.map(({ host }) => host))
    new DataResource(this, 'probe', { input: { image, port, hosts } })
    const name = `${this.node.id}.probe.nimbus.example:${port}`
    return { scrape: { name }, scrapeConfig: { static_configs: [{ targets: [name] }] } }
  }
}
