import { type Zone, zoneFile } from './dns-server.ts'
import { type LabState, places, publicDns } from './state.ts'

/** A configuration of a server, and the files it names. */
interface Config {
  readonly config: string
  readonly files: Readonly<Record<string, string>>
}

const files = (zones: readonly Zone[]) =>
  Object.fromEntries(zones.map(zone => [`${zone.name === '.' ? 'root' : zone.name}.zone`, zoneFile(zone)]))

const primary = ({ name }: Zone) =>
  `zone "${name}" { type primary; file "${name === '.' ? 'root' : name}.zone"; check-names ignore; };`

const options = (address: string, lines: string) => `options {
  directory "@DIR@";
  pid-file none;
  session-keyfile none;
  listen-on { ${address}; };
  listen-on-v6 { none; };
  dnssec-validation no;
  empty-zones-enable no;
  allow-query { any; };
  ${lines}
};
controls { };`

/** The resolver of a VPC: networks that its private zones are associated with get another view than the rest. */
export function vpcConfig({ zones, associated, vpc }: LabState): Config | undefined {
  if (vpc === 'stopped') return undefined
  // Not by root hints: they would have to be primed first, while the first questions wait.
  const root = `zone "." { type static-stub; server-addresses { ${vpc.root}; }; };`
  const clients = associated ? `${places.client}; ${places.forwarder}; ${places.filter};` : 'none;'
  return {
    config: `${options(places.vpc, `recursion yes; qname-minimization off; ${vpc.options}`)}
view associated { match-clients { ${clients} }; ${root} ${vpc.zones} ${zones.map(primary).join('\n')} };
view others { match-clients { any; }; ${root} ${vpc.zones} };`,
    files: files(zones)
  }
}

/** The public DNS: one server has the root and all zones below it. */
export function publicConfig({ publicZones }: LabState): Config {
  const root: Zone = {
    name: '.',
    primary: 'ns.lab',
    records: [`ns.lab. IN A ${publicDns}`, ...publicZones.map(({ name }) => `${name}. IN NS ns.lab.`)]
  }
  const all = [root, ...publicZones]
  return { config: `${options(publicDns, 'recursion no;')}\n${all.map(primary).join('\n')}`, files: files(all) }
}

/** A resolver that filters what it hears from the VPC's. */
export function filterConfig({ filter }: LabState): string {
  return [
    'no-resolv',
    'no-hosts',
    `server=${places.vpc}`,
    'user=root',
    'pid-file=',
    'cache-size=0',
    ...filter,
    ''
  ].join('\n')
}

/** A resolver that forwards everything to the VPC's. */
export function forwarderConfig({ forwarder }: LabState): string {
  return `server:
  directory: "@DIR@"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  verbosity: 1
  num-threads: 1
  interface: ${places.forwarder}
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  ede: yes
  module-config: "iterator"
  ${forwarder.server}
remote-control:
  control-enable: no
${forwarder.zones}
forward-zone:
  name: "."
  forward-addr: ${places.vpc}
`
}
