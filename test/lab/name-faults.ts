import type { Fault } from './faults.ts'
import {
  endpointName,
  experimental,
  host,
  type LabState,
  nobody,
  parent,
  places,
  port,
  privateZone,
  publicCluster,
  publicDns,
  publicEndpoint
} from './state.ts'

const zoneOf =
  (...records: readonly string[]) =>
  (state: LabState): LabState => ({ ...state, zones: [privateZone(parent, ...records)] })
const hostHas =
  (...records: readonly string[]) =>
  (state: LabState): LabState => ({ ...state, zones: [privateZone(host, ...records)] })
const toEndpoint = `60 IN CNAME ${endpointName}.`

/** The public zones without the endpoint's name, or with more about the host. */
const withoutEndpoint = (state: LabState): LabState => ({
  ...state,
  publicZones: state.publicZones.map(zone => (zone.name === 'amazonaws.com' ? { ...zone, records: [] } : zone))
})
const publicHost = (state: LabState): LabState => ({
  ...state,
  publicZones: state.publicZones.map(zone =>
    zone.name === 'zillizcloud.com'
      ? { ...zone, records: [...zone.records, `${host}. 60 IN A ${publicEndpoint}`] }
      : zone
  )
})

/** The resolver answers from its zones, and asks nobody else. */
const notFollowing = (state: LabState): LabState => ({
  ...state,
  vpc: { root: publicDns, options: 'allow-query-cache { none; }; allow-recursion { none; };', zones: '' }
})
const onGoogleCloud = (endpointAddress: string, state: LabState): LabState => {
  const { name, environment, region } = state.target
  return { ...state, target: { cloud: 'gcp', name, environment, region, host, port, endpointAddress } }
}

/** Whether a zone lacks the host, the probe looks at the endpoint nevertheless. */
const endpointAnswers = ['endpoint-answers'] as const

/** Faults of zones and records. */
export const nameFaults: readonly Fault[] = [
  {
    name: 'the private zone is not associated with the network',
    set: state => ({ ...state, associated: false }),
    sees: { case: 'zone-not-visible', symptom: 'name_or_service_not_known', findings: endpointAnswers }
  },
  {
    name: 'the private zone is missing',
    set: state => ({ ...state, zones: [] }),
    sees: { case: 'zone-not-visible', symptom: 'name_or_service_not_known', findings: endpointAnswers }
  },
  {
    name: 'the record is missing in the parent zone',
    set: zoneOf(),
    sees: {
      case: 'record-missing',
      symptom: 'name_or_service_not_known',
      findings: ['parent-zone', ...endpointAnswers]
    }
  },
  {
    name: "the record has the zone's name twice",
    set: zoneOf(`${host}.${parent}. ${toEndpoint}`),
    sees: {
      case: 'record-name-malformed',
      symptom: 'name_or_service_not_known',
      findings: ['parent-zone', ...endpointAnswers]
    }
  },
  {
    name: 'the record has a variable of the script in its name',
    set: zoneOf(`in01-840ec44485bf25d-privatelink.\${REGION_ID}.${parent}. ${toEndpoint}`),
    sees: {
      case: 'record-name-malformed',
      symptom: 'name_or_service_not_known',
      findings: ['parent-zone', ...endpointAnswers]
    }
  },
  {
    name: 'the record lacks the cloud before the region',
    set: zoneOf(`${host.replace('aws-', '')}. ${toEndpoint}`),
    sees: {
      case: 'record-name-malformed',
      symptom: 'name_or_service_not_known',
      findings: ['parent-zone', ...endpointAnswers]
    }
  },
  {
    name: 'the record has a space behind it',
    set: zoneOf(`${host}\\032.${parent}. ${toEndpoint}`),
    sees: {
      case: 'record-name-malformed',
      symptom: 'name_or_service_not_known',
      findings: ['parent-zone', ...endpointAnswers]
    }
  },
  {
    name: 'the alias leads to an endpoint that was deleted',
    set: zoneOf(`${host}. 300 IN CNAME ${endpointName.replace('0ce90d', '0ce90e')}.`),
    sees: {
      case: 'dangling-cname',
      symptom: 'name_or_service_not_known',
      findings: ['parent-zone', ...endpointAnswers]
    }
  },
  {
    name: 'the alias leads to a name without address',
    set: zoneOf(`${host}. 300 IN CNAME amazonaws.com.`),
    sees: {
      case: 'cname-without-address',
      symptom: 'name_or_service_not_known',
      findings: ['parent-zone', ...endpointAnswers]
    }
  },
  {
    name: 'the endpoint was deleted, and the alias at the apex has nothing to give',
    set: state => withoutEndpoint(hostHas()(state)),
    sees: { case: 'endpoint-gone', symptom: 'no_address_associated_with_hostname', findings: [] }
  },
  {
    name: 'the record is of type TXT',
    set: hostHas(`${host}. 60 IN TXT "${places['zone-a']}"`),
    sees: { case: 'no-address-record', symptom: 'no_address_associated_with_hostname', findings: endpointAnswers }
  },
  {
    name: 'the zone is not associated, and the public DNS knows the host',
    set: state => publicHost({ ...state, associated: false }),
    sees: { case: 'resolves-public', symptom: 'not_private', findings: [] }
  },
  {
    name: 'one resolver sees the zone and another the public DNS',
    set: state => ({
      ...state,
      resolvers: ['vpc', 'forwarder'],
      forwarder: { server: `local-data: "${host}. 60 IN A ${publicEndpoint}"`, zones: '' }
    }),
    sees: {
      case: 'resolves-partly-public',
      // Clients ask the first, and so get through.
      symptom: 'none',
      findings: ['unexpected-address', 'resolvers-disagree']
    }
  },
  {
    name: 'the record has the address of another endpoint',
    set: hostHas(`${host}. 60 IN A ${places.other}`),
    sees: { case: 'wrong-endpoint', symptom: 'not_private', findings: [] }
  },
  {
    name: 'the record has an address that nobody has any more',
    set: hostHas(`${host}. 60 IN A ${nobody}`),
    sees: { case: 'stale-record', symptom: 'timeout', findings: endpointAnswers }
  },
  {
    name: 'the record leads to another endpoint, where another service answers',
    set: (state, identities) => ({
      ...hostHas(`${host}. 60 IN A ${places.other}`)(state),
      services: { ...state.services, other: { kind: 'http', identity: identities.otherName, status: 400 } }
    }),
    sees: { case: 'stale-record', symptom: 'certificate_rejected', findings: endpointAnswers }
  },
  {
    name: 'the record has an IPv6 address alone, which no route leads to',
    set: hostHas(`${host}. 60 IN AAAA fd00::1`),
    sees: { case: 'stale-record', symptom: 'network_is_unreachable', findings: endpointAnswers }
  },
  {
    name: 'the record has a private address that refuses',
    set: state => ({
      ...hostHas(`${host}. 60 IN A ${places.other}`)(state),
      services: { ...state.services, other: { kind: 'none' } }
    }),
    sees: { case: 'stale-record', symptom: 'connection_refused', findings: endpointAnswers }
  },
  {
    name: 'the host has a public address that does not answer',
    set: state => ({
      ...publicHost({ ...state, associated: false }),
      rules: { internet: { input: [`tcp dport ${port} drop`] } }
    }),
    sees: { case: 'resolves-public', symptom: 'timeout', findings: endpointAnswers }
  },
  {
    name: 'the alias leads back to itself, and the resolver follows it',
    set: hostHas(`${host}. 60 IN CNAME ${host}.`),
    sees: {
      case: 'forwarding-broken',
      symptom: 'temporary_failure_in_name_resolution',
      findings: endpointAnswers
    }
  },
  {
    name: 'the alias leads back to itself, and the resolver gives it as it is',
    set: state => ({
      ...state,
      resolvers: ['forwarder'],
      etc: { ...state.etc, 'resolv.conf': `nameserver ${places.forwarder}\noptions timeout:1 attempts:1\n` },
      forwarder: { server: `local-zone: "${host}" static\n  local-data: "${host}. 60 IN CNAME ${host}."`, zones: '' }
    }),
    sees: { case: 'alias-loop', symptom: 'name_or_service_not_known', findings: endpointAnswers }
  },
  {
    name: 'the resolver gives the alias and does not follow it',
    set: state => notFollowing(zoneOf(`${host}. ${toEndpoint}`)(state)),
    sees: { case: 'aliases-not-followed', symptom: 'name_or_service_not_known', findings: ['parent-zone'] }
  },
  {
    name: 'a private zone on premises lacks the record',
    set: state => ({ ...state, zones: [{ name: parent, primary: 'dns1.corp.example', records: [] }] }),
    sees: {
      case: 'record-missing',
      symptom: 'name_or_service_not_known',
      findings: ['parent-zone', ...endpointAnswers]
    }
  },
  {
    name: 'the endpoint on Google Cloud has an address that was kept for experiments',
    set: state => onGoogleCloud(experimental, hostHas(`${host}. 60 IN A ${experimental}`)(state)),
    sees: { case: 'healthy', symptom: 'none', findings: ['experimental-address'] }
  },
  {
    name: "a resolver embeds the endpoint's address on Google Cloud in one of IPv6",
    set: state =>
      onGoogleCloud(
        places['zone-a'],
        hostHas(`${host}. 60 IN A ${places['zone-a']}`, `${host}. 60 IN AAAA 64:ff9b::a14:107`)(state)
      ),
    sees: { case: 'healthy', symptom: 'none', findings: ['synthesized-address', 'address-without-route'] }
  },
  {
    name: 'the record has a loopback address',
    set: hostHas(`${host}. 60 IN A 127.0.0.1`),
    sees: { case: 'forbidden-address', symptom: 'connection_refused', findings: endpointAnswers }
  },
  {
    name: 'the parent zone has the record, and hides a public cluster',
    set: state => ({
      ...zoneOf(`${host}. ${toEndpoint}`)(state),
      target: { ...state.target, canaries: [publicCluster] }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['parent-zone', 'canary-hidden'] }
  },
  {
    name: 'the record has an address too many',
    set: hostHas(...[places['zone-a'], places['zone-b'], places.other].map(address => `${host}. 60 IN A ${address}`)),
    sees: { case: 'healthy', symptom: 'none', findings: ['unexpected-address'] }
  },
  {
    name: "the alias leads to the endpoint's name in one zone, for a day",
    set: zoneOf(`${host}. 86400 IN CNAME ${endpointName.replace('.', '-us-west-2a.')}.`),
    sees: {
      case: 'healthy',
      symptom: 'none',
      findings: ['parent-zone', 'endpoint-address-left-out', 'zonal-record', 'long-ttl']
    }
  }
]
