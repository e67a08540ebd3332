import { Identifiers } from '../identifier.ts'
import { canonicalName, closestZone, type DnsAnswer, resolvePrivately } from '../private-dns.ts'
import type { Address } from './compute-address.ts'
import type { Firewall } from './compute-firewall.ts'
import type { ForwardingRule } from './compute-forwarding-rule.ts'
import type { InstanceGroupManager } from './compute-instance-group-manager.ts'
import type { InstanceTemplate } from './compute-instance-template.ts'
import type { Network } from './compute-network.ts'
import type { Subnetwork } from './compute-subnetwork.ts'
import type { ManagedZone } from './dns-managed-zone.ts'
import { type GoogleSeed, plant, type ServiceAttachment } from './google-seed.ts'
import type { Grant } from './iam-policy.ts'
import { fullPath } from './link.ts'
import type { CustomRole } from './project-iam-custom-role.ts'
import type { ServiceAccount } from './service-account.ts'

/** What the owner of a service attachment has decided about the endpoints that connect to it. */
export type ConnectionStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'CLOSED'

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
  /** Is told of every change once it is made; what it throws fails the apply as a fault of the provider. */
  onChange: (call: GoogleCall) => void = () => {}
  readonly attachments: Map<string, ServiceAttachment> | undefined
  /** The paths of the repositories of Artifact Registry, where they are known. */
  readonly repositories: Set<string> | undefined
  /** Everything is kept under its path, which is its id in Terraform, too. */
  readonly networks = new Map<string, Network>()
  readonly subnetworks = new Map<string, Subnetwork>()
  readonly addresses = new Map<string, Address>()
  readonly forwardingRules = new Map<string, ForwardingRule>()
  readonly firewalls = new Map<string, Firewall>()
  readonly managedZones = new Map<string, ManagedZone>()
  readonly serviceAccounts = new Map<string, ServiceAccount>()
  readonly customRoles = new Map<string, CustomRole>()
  /** Who has which role, under the path of the project or the repository. */
  readonly iamPolicies = new Map<string, readonly Grant[]>()
  readonly instanceTemplates = new Map<string, InstanceTemplate>()
  readonly instanceGroupManagers = new Map<string, InstanceGroupManager>()
  readonly calls: GoogleCall[] = []

  constructor(seed: GoogleSeed) {
    const { project = 'acme', region = 'us-west1', attachments, repositories } = seed
    this.project = project
    this.region = region
    this.attachments = attachments && new Map(attachments.map(attachment => [attachment.path, { ...attachment }]))
    this.repositories = repositories && new Set(repositories)
    plant(this, seed)
  }

  /** Notes a change that was made. */
  note(action: string, id: string): void {
    const call = { action, id }
    this.calls.push(call)
    this.onChange(call)
  }

  /**
   * Answers a name as the resolver inside a network does; the network is given by name, path or link.
   *
   * @param hops the networks that have asked before. A peering zone may lead to a network with another, and no further; that is from
   * memory.
   */
  resolve(network: string, name: string, hops = 0): DnsAnswer {
    const path = fullPath(network, this.project, 'global/networks')
    if (!this.networks.has(path)) throw new Error(`there is no network ${path}`)
    const zones = [...this.managedZones.values()].filter(zone => zone.networks.includes(path))
    const peer = closestZone(canonicalName(name), zones)?.peer
    if (peer !== undefined) {
      return hops < 2 ? this.resolve(peer, name, hops + 1) : { kind: 'servfail', name: canonicalName(name) }
    }
    return resolvePrivately(name, 'A', zones, () => undefined)
  }
}
