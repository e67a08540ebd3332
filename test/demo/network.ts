import { connect, Socket } from 'node:net'
import { cloudOf } from '../../probe/clouds.ts'
import type { Resolver } from '../../probe/facts/observation.ts'
import type { Begin } from '../../probe/observers/tcp.ts'
import { ProbeConfig, type Target } from '../../probe/target.ts'
import { inDays, makeAuthority } from '../support/certificates.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { a, cname, nxdomain, type Script, soa, startResolver } from '../support/resolver.ts'
import type { Outputs } from './deploy.ts'
import type { FaultName } from './faults.ts'

/** The networks that a deploy made, on this machine alone: what a resolver answers in them, and what an address leads to. */
export interface DemoNetwork extends AsyncDisposable {
  readonly targets: readonly Target[]
  readonly resolver: Resolver
  /** The authority that signed the certificates, in PEM. */
  readonly ca: string
  /** Begins a connection to an address of these networks. */
  readonly begin: Begin
  /** What is broken now. */
  readonly broken: ReadonlySet<FaultName>
  /** Breaks it, or mends it. */
  readonly toggle: (fault: FaultName) => void
  /** Calls this whenever something was broken or mended. */
  readonly onToggle: (listener: () => void) => void
}

/** The zone that the guide makes. */
const parent = 'vectordb.zillizcloud.com'
/** For documentation (RFC 5737): where the public endpoint would be. */
const publicAddress = '203.0.113.7'

/** Opens networks in which all is as a deploy put it out: its records, its endpoints' addresses, its hosts and ports. */
export async function openNetwork({ links, probe_config }: Outputs): Promise<DemoNetwork> {
  await using stack = new AsyncDisposableStack()
  const { targets } = ProbeConfig.parse(JSON.parse(probe_config))
  const records = new Map(
    Object.values(links).flatMap(link => link.records.map(record => [record.name, record] as const))
  )
  const addressesOf = ({ name }: Target) => links[name.split('/')[1] ?? '']?.addresses ?? []
  const broken = new Set<FaultName>()
  const listeners: (() => void)[] = []

  const authority = await makeAuthority('Demo Authority')
  const hosts = targets.map(({ host }) => host)
  const [good, expired] = await Promise.all([
    authority.issue(hosts),
    authority.issue(hosts, { from: inDays(-91), to: inDays(-1) })
  ])
  const [endpoint, outdated] = [stack.use(await startEndpoint(good)), stack.use(await startEndpoint(expired))]

  const publicZone = nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org'))
  const privateZone = ({ cloud }: Target) => nxdomain(soa(parent, cloudOf(cloud).zones.privatePrimary))
  const script: Script = ({ name, type }) => {
    if (broken.has('resolver-silent')) return 'drop'
    const owner = targets.find(target => target.cloud === 'aws' && target.endpointDnsName === name)
    if (owner !== undefined) return type === 'A' ? { answers: addressesOf(owner).map(address => a(name, address)) } : {}
    const target = targets.find(({ host }) => host === name || host.endsWith(`.${name}`))
    if (target === undefined) return publicZone
    const isBroken = (fault: FaultName) => target.cloud === 'aws' && broken.has(fault)
    if (name === target.host && isBroken('public-answer'))
      return type === 'A' ? { answers: [a(name, publicAddress)] } : {}
    if (isBroken('zone-detached') || isBroken('public-answer')) return publicZone
    const record = name === target.host && !isBroken('record-deleted') ? records.get(name) : undefined
    if (record === undefined) return privateZone(target)
    if (record.type !== 'CNAME') return type === 'A' ? { answers: [a(name, record.value, 60)] } : {}
    const alias = cname(name, record.value, 300)
    return { answers: type === 'A' ? [alias, ...addressesOf(target).map(each => a(record.value, each))] : [alias] }
  }
  const { resolver } = stack.use(await startResolver(script, { name: 'vpc' }))

  const begin: Begin = ({ address, port }) => {
    const target = targets.find(each => addressesOf(each).includes(address))
    const isSilent =
      (target === undefined && address !== publicAddress) ||
      (target !== undefined && target.port !== port) ||
      (target?.cloud === 'aws' && broken.has('security-group-closed')) ||
      (target?.cloud === 'gcp' && broken.has('endpoint-pending')) ||
      (target?.cloud === 'aws' && broken.has('one-zone-dead') && address === addressesOf(target).at(-1))
    // Nobody is told of a packet that is dropped: a socket that never connects.
    if (isSilent) return new Socket()
    const to = broken.has('certificate-expired') ? outdated : endpoint
    return connect({ host: to.address, port: to.port, noDelay: true })
  }

  const opened = stack.move()
  return {
    targets,
    resolver,
    ca: authority.cert,
    begin,
    broken,
    toggle: fault => {
      if (!broken.delete(fault)) broken.add(fault)
      for (const listener of listeners) listener()
    },
    onToggle: listener => listeners.push(listener),
    [Symbol.asyncDispose]: () => opened.disposeAsync()
  }
}
