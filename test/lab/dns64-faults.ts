import type { Fault } from './faults.ts'
import { endpointName, host, type LabState, parent, places, port, privateZone, translated } from './state.ts'

/** Both libc and the probe ask a resolver that makes IPv6 addresses of IPv4 addresses under a prefix: Unbound. */
const makesAddresses = (prefix: string, state: LabState): LabState => ({
  ...state,
  resolvers: ['forwarder'],
  etc: { ...state.etc, 'resolv.conf': `nameserver ${places.forwarder}\noptions timeout:1 attempts:1\n` },
  forwarder: { server: `module-config: "dns64 iterator"\n  dns64-prefix: ${prefix}`, zones: '' }
})
const oneAddress = (state: LabState): LabState => ({
  ...state,
  zones: [privateZone(host, `${host}. 60 IN A ${places['zone-a']}`)]
})
const onGoogleCloud = (state: LabState): LabState => {
  const { name, environment, region } = state.target
  const endpointAddress = places['zone-a']
  return { ...oneAddress(state), target: { cloud: 'gcp', name, environment, region, host, port, endpointAddress } }
}
/** The client has a way to a translator, which forwards to one availability zone. */
const withTranslator = (state: LabState): LabState => ({ ...state, routes: [`${translated}/128 dev eth0`] })

const wellKnown = '64:ff9b::/96'
/** A network's own: of documentation, RFC 3849. */
const own = '2001:db8:64::/96'
const unused = ['synthesized-address', 'address-without-route'] as const

/** What DNS64 makes of a host, on machines without IPv6, and on one with a translator. */
export const dns64Faults: readonly Fault[] = [
  {
    name: 'a resolver makes IPv6 addresses for the host, and the machine has IPv4 alone',
    set: state => makesAddresses(wellKnown, state),
    sees: { case: 'healthy', symptom: 'none', findings: unused }
  },
  {
    name: "a resolver makes IPv6 addresses behind the host's alias",
    set: state =>
      makesAddresses(wellKnown, {
        ...state,
        zones: [privateZone(parent, `${host}. 60 IN CNAME ${endpointName}.`)]
      }),
    sees: { case: 'healthy', symptom: 'none', findings: ['parent-zone', ...unused] }
  },
  {
    name: "a resolver makes IPv6 addresses under the network's own prefix",
    set: state => makesAddresses(own, state),
    sees: { case: 'healthy', symptom: 'none', findings: unused }
  },
  {
    name: "a resolver makes IPv6 addresses under the network's own prefix on Google Cloud",
    set: state => makesAddresses(own, onGoogleCloud(state)),
    sees: { case: 'healthy', symptom: 'none', findings: unused }
  },
  {
    name: 'one of two resolvers makes IPv6 addresses',
    set: state => ({ ...makesAddresses(own, state), resolvers: ['vpc', 'forwarder'], etc: state.etc }),
    sees: { case: 'healthy', symptom: 'none', findings: unused }
  },
  {
    name: 'a resolver makes an IPv6 address for the host, and a translator forwards it',
    set: state => withTranslator(makesAddresses(wellKnown, onGoogleCloud(state))),
    sees: { case: 'healthy', symptom: 'none', findings: ['synthesized-address'] }
  },
  {
    name: 'a resolver makes an IPv6 address for the host, and the translator drops what goes to private addresses',
    set: state => ({
      ...withTranslator(makesAddresses(wellKnown, onGoogleCloud(state))),
      rules: { 'zone-a': { input: [`ip6 daddr ${translated} tcp dport ${port} drop`] } }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['synthesized-address', 'address-fails'] }
  },
  {
    name: 'a machine without a way to IPv4 has the host by DNS64 and a translator',
    set: state => ({
      ...withTranslator(makesAddresses(wellKnown, onGoogleCloud(state))),
      routes: [`${translated}/128 dev eth0`, `throw ${places['zone-a']}/32`]
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['synthesized-address', 'address-without-route'] }
  }
]
