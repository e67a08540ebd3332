import { Identifiers } from '../identifier.ts'
import { type DnsAnswer, resolvePrivately } from '../private-dns.ts'
import type { Address } from './compute-address.ts'
import type { Firewall } from './compute-firewall.ts'
import type { ForwardingRule } from './compute-forwarding-rule.ts'
import type { Network } from './compute-network.ts'
import type { Subnetwork } from './compute-subnetwork.ts'
import type { ManagedZone } from './dns-managed-zone.ts'
import { fullPath } from './link.ts'

/** What the owner of a service attachment has decided about the endpoints that connect to it. */
export type ConnectionStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'CLOSED'

/** A service attachment that exists. */
export interface ServiceAttachment {
  /** Its path, `projects/<project>/regions/<region>/serviceAttachments/<name>`. */
  readonly path: string
  /** @default - the cloud's `acceptance` */
  acceptance?: ConnectionStatus
}

/** A VPC network that is there before Terraform runs. */
export interface NetworkSeed {
  readonly name: string
  /** @default - the cloud's project */
  readonly project?: string
  readonly subnetworks: readonly SubnetworkSeed[]
}

/** A subnetwork that is there before Terraform runs. */
export interface SubnetworkSeed {
  readonly name: string
  /** @default - the cloud's region */
  readonly region?: string
  readonly range: string
  /** @default PRIVATE */
  readonly purpose?: 'PRIVATE' | 'PRIVATE_SERVICE_CONNECT' | 'REGIONAL_MANAGED_PROXY'
}

/** What is there before Terraform runs. */
export interface GoogleSeed {
  /** @default acme */
  readonly project?: string
  /** @default us-west1 */
  readonly region?: string
  readonly networks: readonly NetworkSeed[]
  /** @default - every well-formed service attachment exists */
  readonly attachments?: readonly ServiceAttachment[]
}

/** A change somebody asked of the cloud, in the order of asking; questions are not kept. */
export interface GoogleCall {
  readonly action: string
  readonly id: string
}

/** Google Cloud in memory, whatever the project: plain state that tests read and change, and the rules Google would apply. */
export class GoogleCloud {
  readonly project: string
  readonly region: string
  readonly identifiers = new Identifiers()
  /** When everything here is made. */
  readonly now = '2026-01-01T00:00:00.000-08:00'
  /** Answers for every service attachment that does not say otherwise. */
  acceptance: ConnectionStatus = 'ACCEPTED'
  readonly attachments: Map<string, ServiceAttachment> | undefined
  /** Everything is kept under its path, which is its id in Terraform, too. */
  readonly networks = new Map<string, Network>()
  readonly subnetworks = new Map<string, Subnetwork>()
  readonly addresses = new Map<string, Address>()
  readonly forwardingRules = new Map<string, ForwardingRule>()
  readonly firewalls = new Map<string, Firewall>()
  readonly managedZones = new Map<string, ManagedZone>()
  readonly calls: GoogleCall[] = []

  constructor({ project = 'acme', region = 'us-west1', networks, attachments }: GoogleSeed) {
    this.project = project
    this.region = region
    this.attachments = attachments && new Map(attachments.map(attachment => [attachment.path, { ...attachment }]))
    for (const network of networks) this.#seed(network)
  }

  /** Notes a change that was made. */
  note(action: string, id: string): void {
    this.calls.push({ action, id })
  }

  /** Answers a name as the resolver inside a network does; the network is given by name, path or link. */
  resolve(network: string, name: string): DnsAnswer {
    const path = fullPath(network, this.project, 'global/networks')
    if (!this.networks.has(path)) throw new Error(`there is no network ${path}`)
    const zones = [...this.managedZones.values()].filter(zone => zone.networks.includes(path))
    return resolvePrivately(name, zones, () => undefined)
  }

  #seed({ name, project = this.project, subnetworks }: NetworkSeed): void {
    const path = `projects/${project}/global/networks/${name}`
    this.networks.set(path, { path, project, name, numericId: this.identifiers.number('network', path) })
    for (const { name: subnet, region = this.region, range, purpose = 'PRIVATE' } of subnetworks) {
      const subnetPath = `projects/${project}/regions/${region}/subnetworks/${subnet}`
      this.subnetworks.set(subnetPath, {
        path: subnetPath,
        project,
        region,
        name: subnet,
        network: path,
        range,
        purpose
      })
    }
  }
}
