import type { ConfirmedCause } from '../../causes/inquiry.ts'
import { shell } from '../shell.ts'
import type { Step } from '../step.ts'
import { redeploy } from '../steps.ts'
import { allowInDnsFilter, checkForwarding, describeEndpoint, pointRecord } from './steps.ts'
import type { GcpIds } from './target.ts'

/** What to do about a confirmed cause: first deploy, then the commands for an emergency, with the ids that were found. */
export function stepsForGcpCause({ id, about, text }: ConfirmedCause, ids: GcpIds): readonly Step[] {
  const [first = '', second = ''] = about
  switch (id) {
    case 'forwarding-rule-missing':
      return [redeploy('the endpoint and its record', ids), listEndpoints(ids)]
    case 'psc-connection-not-accepted':
      return accept(first, text, ids)
    case 'forwarding-rule-region-mismatch':
      return [redeploy('global access if the link has `globalAccess: true`', ids), allowGlobalAccess(first, ids)]
    case 'endpoint-address-changed':
      return [
        redeploy("the record and the endpoint's address in the config of the probe", ids),
        describeEndpoint({ ...ids, ...endpointIds(first, ids) })
      ]
    case 'firewall-rule':
      return openFirewalls(about, ids)
    case 'psc-endpoint-accessed-from-peered-network':
      return [
        {
          do: 'Create an endpoint in the network of the clients, or propagate the connection through Network Connectivity Center.'
        }
      ]
    case 'route-missing':
      return [
        {
          do: 'Connect from the network of the endpoint, or create an endpoint in the network of the clients.',
          run: shell`gcloud compute routes list --project ${part(first, 'projects', '<project>')} --filter ${`network~/${part(first, 'networks', ids.network)}$`}`
        }
      ]
    case 'alternative-name-servers':
      return [
        {
          do: 'Remove the alternative name servers, or configure them to forward the host to an inbound server policy of the network.',
          run: shell`gcloud dns policies update ${part(first, 'policies', '<policy>')} --project ${part(first, 'projects', '<project>')} --alternative-name-servers ${''} --private-alternative-name-servers ${''}`
        }
      ]
    case 'response-policy-rule':
      return [
        {
          do: `Exempt ${ids.host} from the response policy.`,
          run: shell`gcloud dns response-policies rules update ${part(first, 'rules', '<rule>')} --response-policy ${part(first, 'responsePolicies', '<response-policy>')} --project ${part(first, 'projects', '<project>')} --behavior bypassResponsePolicy`
        },
        allowInDnsFilter(ids)
      ]
    case 'zone-missing':
      return [redeploy('the zone and the record', ids), createZone(ids), ...pointRecord(ids)]
    case 'zone-not-visible-to-network':
      return [redeploy('the zone and its visibility', ids), ...showZone(first, second)]
    case 'zone-overridden':
      return [
        {
          do: 'Create a record for the host in the zone that answers, or remove the network from that zone.',
          run: createRecord({ ...ids, ...zoneIds(first, ids) })
        },
        ...describeZone(first)
      ]
    case 'forwarding-zone':
      return [checkForwarding(ids), ...describeZone(first)]
    case 'peering-zone':
      return [
        {
          do: 'Make the zone of the private link visible to the network that the peering zone queries.',
          run: shell`gcloud dns managed-zones list --project ${part(second, 'projects', '<project>')} --format "yaml(name,dnsName,privateVisibilityConfig)"`
        },
        ...describeZone(first)
      ]
    case 'record-absent':
    case 'record-of-other-type':
    case 'record-to-other-address':
      return [redeploy('the record', ids), ...pointRecord({ ...ids, ...zoneIds(first, ids) })]
    default:
      return []
  }
}

/** The name behind a word of a resource's path. */
function part(path: string, word: string, otherwise: string): string {
  const [, name = ''] = new RegExp(`(?:^|/)${word}/([^/]+)`).exec(path) ?? []
  return name === '' || name === '-' ? otherwise : name
}

const endpointIds = (path: string, { project, region, forwardingRule }: GcpIds) => ({
  project: part(path, 'projects', project),
  region: part(path, 'regions', region),
  forwardingRule: part(path, 'forwardingRules', forwardingRule)
})

const zoneIds = (path: string, { project, managedZone }: GcpIds) => ({
  project: part(path, 'projects', project),
  managedZone: part(path, 'managedZones', managedZone)
})

const listEndpoints = ({ project, region }: GcpIds): Step => ({
  do: 'List the endpoints of the region. The endpoint may have another name.',
  run: shell`gcloud compute forwarding-rules list --project ${project} --regions ${region} --filter ${'target~serviceAttachments'} --format "table(name,IPAddress,pscConnectionStatus,network)"`
})

function accept(path: string, text: string, ids: GcpIds): readonly Step[] {
  const { project, region, forwardingRule } = endpointIds(path, ids)
  const describe = describeEndpoint({ ...ids, project, region, forwardingRule })
  // A closed connection never opens again.
  if (text.includes(' is CLOSED')) return [redeploy('the endpoint with a new connection', ids), describe]
  return [
    {
      do: `Register the endpoint ${forwardingRule} and the project ${project} with Zilliz Cloud. The status of the endpoint must become ACCEPTED.`
    },
    describe
  ]
}

function allowGlobalAccess(path: string, ids: GcpIds): Step {
  const { project, region, forwardingRule } = endpointIds(path, ids)
  return {
    do: 'In an emergency, allow global access by hand.',
    run: shell`gcloud compute forwarding-rules update ${forwardingRule} --project ${project} --region ${region} --allow-psc-global-access`
  }
}

/** A rule of the deploy can outrank a rule of the network. It cannot outrank a rule of a policy, which needs a rule before it there. */
function openFirewalls([path = '', priority = '', network = '']: readonly string[], ids: GcpIds): readonly Step[] {
  const { port, endpointAddress } = ids
  const range = `${endpointAddress}/${endpointAddress.includes(':') ? 128 : 32}`
  const project = part(path, 'projects', ids.project)
  const rule = part(path, 'firewalls', '')
  if (rule !== '') {
    const higher = Math.max(0, Number(priority) - 1)
    return [
      redeploy(
        `the firewall rule that allows egress. That rule needs an \`egressPriority\` lower than ${priority}`,
        ids
      ),
      {
        do: 'Read the rule that denies the traffic.',
        run: shell`gcloud compute firewall-rules describe ${rule} --project ${project}`
      },
      {
        do: 'If the deploy does not help, allow the endpoint with a higher priority.',
        run: shell`gcloud compute firewall-rules create zilliz-privatelink-egress-by-hand --project ${project} --network ${network} --direction EGRESS --priority ${higher} --allow tcp:${port} --destination-ranges ${range}`
      }
    ]
  }
  const policy = part(path, 'firewallPolicies', '<firewall-policy>')
  if (path.startsWith('locations/')) {
    return [
      {
        do: `Ask the owner of the hierarchical policy to allow TCP ${port} to ${range} before rule ${priority}.`,
        run: shell`gcloud compute firewall-policies rules describe ${priority} --firewall-policy ${policy}`
      }
    ]
  }
  const region = part(path, 'regions', '')
  return [
    {
      do: `Read the rule that denies the traffic. In the same policy, allow TCP ${port} to ${range} in a rule with a higher priority.`,
      run:
        region === ''
          ? shell`gcloud compute network-firewall-policies rules describe ${priority} --firewall-policy ${policy} --project ${project} --global-firewall-policy`
          : shell`gcloud compute network-firewall-policies rules describe ${priority} --firewall-policy ${policy} --project ${project} --firewall-policy-region ${region}`
    }
  ]
}

const createZone = ({ project, network, host, managedZone }: GcpIds): Step => ({
  do: 'In an emergency, create the zone and its record by hand.',
  run: shell`gcloud dns managed-zones create ${managedZone} --project ${project} --dns-name ${host}. --description zilliz-privatelink --visibility private --networks ${network}`
})

const createRecord = ({ host, project, managedZone, endpointAddress }: GcpIds) =>
  shell`gcloud dns record-sets create ${host}. --project ${project} --zone ${managedZone} --type A --ttl 60 --rrdatas ${endpointAddress}`

const describeZone = (path: string): readonly Step[] => [
  {
    do: 'Read the zone.',
    run: shell`gcloud dns managed-zones describe ${part(path, 'managedZones', '<managed-zone>')} --project ${part(path, 'projects', '<project>')}`
  }
]

const showZone = (zone: string, network: string): readonly Step[] => [
  ...describeZone(zone),
  {
    do: 'In an emergency, make the zone visible by hand. The new list replaces the old one, so include every network that needs the zone.',
    run: shell`gcloud dns managed-zones update ${part(zone, 'managedZones', '<managed-zone>')} --project ${part(zone, 'projects', '<project>')} --networks ${`https://www.googleapis.com/compute/v1/${network}`}`
  }
]
