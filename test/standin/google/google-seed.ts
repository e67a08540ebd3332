import { newManagedZone } from './dns-managed-zone.ts'
import type { ConnectionStatus, GoogleCloud } from './google-cloud.ts'
import { fullPath, pathOf } from './link.ts'
import { newServiceAccount } from './service-account.ts'

/** What is there before Terraform runs. */
export interface GoogleSeed {
  /** @default acme */
  readonly project?: string
  /** @default us-west1 */
  readonly region?: string
  readonly networks: readonly NetworkSeed[]
  /** @default - every well-formed service attachment exists */
  readonly attachments?: readonly ServiceAttachment[]
  readonly addresses?: readonly AddressSeed[]
  readonly forwardingRules?: readonly ForwardingRuleSeed[]
  readonly managedZones?: readonly ManagedZoneSeed[]
  readonly serviceAccounts?: readonly ServiceAccountSeed[]
  /**
   * The paths of the repositories of Artifact Registry, `projects/<project>/locations/<location>/repositories/<name>`.
   * @default - every repository exists
   */
  readonly repositories?: readonly string[]
}

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
  /** @default IPV4_ONLY */
  readonly stackType?: 'IPV4_ONLY' | 'IPV4_IPV6' | 'IPV6_ONLY'
  /** @default PRIVATE */
  readonly purpose?: 'PRIVATE' | 'PRIVATE_SERVICE_CONNECT' | 'REGIONAL_MANAGED_PROXY'
  /** @default true */
  readonly privateGoogleAccess?: boolean
}

/** An internal address that somebody reserved. */
export interface AddressSeed extends Made {
  /** The subnetwork's name, path or link. */
  readonly subnetwork: string
  readonly address: string
}

/** An endpoint that somebody made. */
export interface ForwardingRuleSeed extends Made {
  /** The network's name, path or link. */
  readonly network: string
  readonly address: string
  /** The path or link of the service attachment. */
  readonly target: string
  /** @default false */
  readonly allowsGlobalAccess?: boolean
  /** @default false */
  readonly automatesDns?: boolean
}

/** A private zone that somebody made. */
export interface ManagedZoneSeed {
  /** @default - the cloud's project */
  readonly project?: string
  /** The name of the zone as a resource. */
  readonly zoneName: string
  /** The name it answers for, with the dot at its end. */
  readonly dnsName: string
  /** The names, paths or links of the networks that see it. */
  readonly networks: readonly string[]
  /** Beside its SOA and NS; names end with a dot. */
  readonly records?: readonly RecordSeed[]
}

/** A record set that somebody made. */
export interface RecordSeed {
  readonly name: string
  readonly type: string
  /** @default 300 */
  readonly ttl?: number
  readonly values: readonly string[]
}

/** A service account that somebody made. */
export interface ServiceAccountSeed {
  /** @default - the cloud's project */
  readonly project?: string
  readonly accountId: string
}

interface Made {
  readonly name: string
  /** @default - the cloud's project */
  readonly project?: string
  /** @default - the cloud's region */
  readonly region?: string
  readonly labels?: Readonly<Record<string, string>>
}

/** Puts into a cloud what is there before Terraform runs. */
export function plant(cloud: GoogleCloud, seed: GoogleSeed): void {
  for (const network of seed.networks) plantNetwork(cloud, network)
  for (const address of seed.addresses ?? []) plantAddress(cloud, address)
  for (const rule of seed.forwardingRules ?? []) plantForwardingRule(cloud, rule)
  for (const zone of seed.managedZones ?? []) plantManagedZone(cloud, zone)
  for (const { project = cloud.project, accountId } of seed.serviceAccounts ?? []) {
    const account = newServiceAccount(cloud, project, accountId)
    cloud.serviceAccounts.set(account.path, account)
  }
}

function plantNetwork(cloud: GoogleCloud, { name, project = cloud.project, subnetworks }: NetworkSeed): void {
  const network = `projects/${project}/global/networks/${name}`
  const numericId = cloud.identifiers.number('network', network)
  cloud.networks.set(network, { path: network, project, name, numericId })
  for (const subnetwork of subnetworks) {
    const {
      name,
      region = cloud.region,
      range,
      purpose = 'PRIVATE',
      privateGoogleAccess = true,
      stackType = 'IPV4_ONLY'
    } = subnetwork
    const path = `projects/${project}/regions/${region}/subnetworks/${name}`
    cloud.subnetworks.set(path, {
      path,
      project,
      region,
      name,
      network,
      range,
      purpose,
      privateGoogleAccess,
      stackType
    })
  }
}

function plantAddress(cloud: GoogleCloud, seed: AddressSeed): void {
  const { name, project = cloud.project, region = cloud.region, address, labels = {} } = seed
  const path = `projects/${project}/regions/${region}/addresses/${name}`
  const subnetwork = fullPath(seed.subnetwork, project, `regions/${region}/subnetworks`)
  if (!cloud.subnetworks.has(subnetwork)) throw new Error(`the seed of ${path} cannot be: there is no ${subnetwork}`)
  const made = { path, project, region, name, description: '', purpose: 'GCE_ENDPOINT' }
  cloud.addresses.set(path, { ...made, subnetwork, address, labels: { ...labels } })
}

function plantForwardingRule(cloud: GoogleCloud, seed: ForwardingRuleSeed): void {
  const { name, project = cloud.project, region = cloud.region, address, labels = {} } = seed
  const { allowsGlobalAccess = false, automatesDns = false } = seed
  const path = `projects/${project}/regions/${region}/forwardingRules/${name}`
  const attachment = pathOf(seed.target)
  cloud.forwardingRules.set(path, {
    path,
    project,
    region,
    name,
    description: '',
    network: fullPath(seed.network, project, 'global/networks'),
    address,
    attachment,
    numericId: cloud.identifiers.number('forwarding rule', path),
    connectionId: String(cloud.identifiers.number('connection', path, attachment)),
    automatesDns,
    allowsGlobalAccess,
    labels: { ...labels }
  })
}

function plantManagedZone(cloud: GoogleCloud, seed: ManagedZoneSeed): void {
  const { project = cloud.project, zoneName, dnsName, networks, records = [] } = seed
  const zone = newManagedZone(cloud, { project, zoneName, name: dnsName, visibility: 'private' })
  zone.networks = networks.map(network => fullPath(network, project, 'global/networks'))
  zone.records.push(...records.map(({ ttl = 300, ...record }) => ({ ...record, ttl })))
  cloud.managedZones.set(zone.path, zone)
}
