import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Evidence } from '../../probe/cases/evidence.ts'
import type { Budget } from '../../probe/rounds/budget.ts'
import { type Authority, inDays, makeAuthority } from '../support/certificates.ts'
import type { Look } from './client-process.ts'
import { filterConfig, forwarderConfig, publicConfig, vpcConfig } from './dns-config.ts'
import { type DnsServer, startDnsmasq, startNamed, startUnbound } from './dns-server.ts'
import {
  deleteNamespace,
  deleteOrphans,
  ip,
  makeNamespace,
  type Namespace,
  setRules,
  spawnIn,
  writeEtc
} from './namespace.ts'
import type { Order } from './service-process.ts'
import {
  experimental,
  healthyState,
  host,
  type Identities,
  type LabState,
  nobody,
  type Place,
  places,
  port,
  publicDns,
  publicEndpoint,
  translated
} from './state.ts'

/** A private link made of network namespaces, with real DNS servers and packet filters. */
export interface Lab extends AsyncDisposable {
  /** The authority that its services' certificates are signed by, in PEM. */
  readonly ca: string
  /** All authorities that the client's applications trust: that one, and the system's, which is a company's. */
  readonly trusted: string
  /** The namespace of the applications' host; `ip netns exec` runs a program there. */
  readonly client: Namespace
  readonly identities: Identities
  /** How it is now. */
  readonly state: LabState
  /** Makes it so; only what differs is touched, and DNS servers that are touched lose their caches. */
  readonly set: (state: LabState) => Promise<void>
  /** Back to where all is well. */
  readonly heal: () => Promise<void>
  /** Lets the probe look at the target once, in the client's namespace. */
  readonly round: (budget?: Budget) => Promise<Evidence>
}

/** Shorter than in production, but a second lost SYN still shows. */
const labBudget: Budget = { dns: 1200, tcp: 1500, tls: 500, application: 500 }

const roles = Object.keys(places) as Place[]
const servers: Readonly<Record<keyof LabState['services'], { readonly in: Place; readonly address: string }>> = {
  'zone-a': { in: 'zone-a', address: places['zone-a'] },
  translated: { in: 'zone-a', address: translated },
  'zone-b': { in: 'zone-b', address: places['zone-b'] },
  other: { in: 'other', address: places.other },
  experimental: { in: 'other', address: experimental },
  internet: { in: 'internet', address: publicEndpoint }
}

/** Makes a lab in which all is well. It needs root, and what `labTools` lists. */
export async function openLab(): Promise<Lab> {
  await deleteOrphans()
  const authority = await makeAuthority()
  const company = await makeAuthority('Company Proxy')
  const identities = await makeIdentities(authority, company)
  await using stack = new AsyncDisposableStack()
  const lab = randomBytes(3).toString('hex')
  const make = async (role: string) => {
    const namespace = await makeNamespace(lab, role)
    stack.defer(() => deleteNamespace(namespace))
    return namespace
  }
  const fabric = await make('fabric')
  await ip(fabric, 'link add bridge type bridge')
  await ip(fabric, 'link set bridge up')
  const made = await Promise.all(roles.map(async role => [role, await make(role)] as const))
  const namespaces = Object.fromEntries(made) as Record<Place, Namespace>
  for (const [index, role] of roles.entries()) await plug(namespaces[role], places[role], fabric, `port${index}`)
  await ip(namespaces.internet, `addr add ${publicDns}/32 dev lo`)
  await ip(namespaces.internet, `addr add ${publicEndpoint}/32 dev lo`)
  await ip(namespaces.other, `addr add ${experimental}/32 dev lo`)
  await ip(namespaces.client, `route add ${experimental} via ${places.other}`)
  await ip(namespaces['zone-a'], `addr add ${translated}/128 dev eth0 nodad`)
  for (const place of ['client', 'vpc'] as const) {
    await ip(namespaces[place], `neigh add ${nobody} lladdr 02:00:00:00:00:01 dev eth0`)
  }

  const healthy = healthyState(identities)
  for (const file of ['resolv.conf', 'hosts'] as const) await writeEtc(namespaces.client, file, healthy.etc[file])
  const child = (place: Place, file: string, variables: readonly string[] = []) => {
    const command = ['env', ...variables, process.execPath, join(import.meta.dirname, file)]
    const process_ = spawnIn(namespaces[place], command, 'channel')
    stack.defer(() => void process_.kill('SIGKILL'))
    process_.stdout?.resume()
    process_.stderr?.pipe(process.stderr)
    return process_
  }
  const store = await mkdtemp(join(tmpdir(), 'system-store-'))
  stack.defer(() => rm(store, { recursive: true, force: true }))
  await writeFile(join(store, 'ca.pem'), company.cert)
  const client = child('client', 'client-process.ts', [`SSL_CERT_FILE=${join(store, 'ca.pem')}`])
  const services = Object.keys(servers) as (keyof typeof servers)[]
  const serving = new Map(services.map(name => [name, child(servers[name].in, 'service-process.ts')]))
  const dns = new Map<Place, DnsServer>()
  stack.defer(async () => {
    for (const server of dns.values()) await server[Symbol.asyncDispose]()
  })

  let state: LabState | undefined
  const set = async (next: LabState) => {
    const differs = (part: (of: LabState) => unknown) =>
      state === undefined || !isDeepStrictEqual(part(state), part(next))
    const restart = async (place: Place, start: () => Promise<DnsServer> | undefined) => {
      await dns.get(place)?.[Symbol.asyncDispose]()
      dns.delete(place)
      const server = await start()
      if (server !== undefined) dns.set(place, server)
    }
    for (const place of roles) {
      if (differs(({ rules }) => rules[place])) await setRules(namespaces[place], next.rules[place] ?? {})
    }
    if (differs(({ routes }) => routes)) {
      for (const route of state?.routes ?? []) await ip(namespaces.client, `route del ${route}`)
      for (const route of next.routes) await ip(namespaces.client, `route add ${route}`)
    }
    for (const file of ['resolv.conf', 'hosts'] as const) {
      if (differs(({ etc }) => etc[file])) await writeEtc(namespaces.client, file, next.etc[file])
    }
    for (const [name, server] of serving) {
      if (!differs(of => of.services[name])) continue
      await ask(server, { service: next.services[name], address: servers[name].address, port } satisfies Order)
    }
    const publicChanged = differs(publicConfig)
    if (publicChanged) {
      const { config, files } = publicConfig(next)
      await restart('internet', () => startNamed(namespaces.internet, config, files))
    }
    const vpcChanged = publicChanged || differs(vpcConfig)
    if (vpcChanged) {
      const vpc = vpcConfig(next)
      await restart('vpc', () => vpc && startNamed(namespaces.vpc, vpc.config, vpc.files))
    }
    if (vpcChanged || differs(forwarderConfig)) {
      await restart('forwarder', () => startUnbound(namespaces.forwarder, forwarderConfig(next)))
    }
    if (differs(({ filter }) => filter)) {
      await restart('filter', () =>
        next.filter.length > 0 ? startDnsmasq(namespaces.filter, filterConfig(next)) : undefined
      )
    }
    state = next
  }
  await set(healthy)

  const opened = stack.move()
  return {
    ca: authority.cert,
    trusted: [authority.cert, company.cert].join('\n'),
    client: namespaces.client,
    identities,
    get state() {
      return state ?? healthy
    },
    set,
    heal: () => set(healthy),
    round: (budget = labBudget) => {
      const { target, resolvers } = state ?? healthy
      const asked = resolvers.map(name => ({ name, address: places[name], port: 53 }))
      return ask<Evidence>(client, { target, resolvers: asked, budget, ca: authority.cert } satisfies Look)
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync()
  }
}

/** What a lab needs. */
export const labTools = ['namespaces', 'ip', 'nft', 'named', 'unbound', 'dnsmasq'] as const

/** Tells a process something and waits for what it says, for no longer than twenty seconds. */
async function ask<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(20_000)])
  const answered = once(child, 'message', { signal })
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('a process of the lab ended')
  })
  try {
    child.send(message)
    const [answer] = await Promise.race([answered, ended])
    return answer
  } finally {
    over.abort()
    await Promise.allSettled([answered, ended])
  }
}

/** Gives a namespace its address, on a cable to the bridge, and a way to what is beyond. */
async function plug(namespace: Namespace, address: string, fabric: Namespace, cable: string): Promise<void> {
  await ip(fabric, `link add ${cable} type veth peer name eth0 netns ${namespace.name}`)
  await ip(fabric, `link set ${cable} master bridge up`)
  await ip(namespace, `addr add ${address}/16 dev eth0`)
  await ip(namespace, 'link set eth0 up')
  if (address !== places.internet) await ip(namespace, `route add default via ${places.internet}`)
}

async function makeIdentities(authority: Authority, company: Authority): Promise<Identities> {
  const stranger = await makeAuthority('Inspecting Proxy')
  const [good, endsSoon, expired, notYetValid, otherName, untrusted, intercepted, commonName] = await Promise.all([
    authority.issue([host]),
    authority.issue([host], { from: inDays(-80), to: inDays(10) }),
    authority.issue([host], { from: inDays(-90), to: inDays(-1) }),
    authority.issue([host], { from: inDays(1), to: inDays(90) }),
    authority.issue(['*.other.example']),
    stranger.issue([host]),
    company.issue([host]),
    authority.issueByCommonName(host.replace(/^[^.]+/, '*'))
  ])
  return { good, endsSoon, expired, notYetValid, otherName, untrusted, intercepted, commonName }
}
