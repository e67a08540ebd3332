import { shell } from '../shell.ts'
import type { Step } from '../step.ts'
import type { GcpIds } from './target.ts'

/** What connects a zone to a network. */
export const attachment = 'visibility'

/** Check that the zone exists and that the network uses it. */
export const attachZone = ({ project, network, managedZone }: GcpIds): readonly Step[] => [
  {
    do: 'List the networks that the private managed zone is visible to.',
    run: shell`gcloud dns managed-zones describe ${managedZone} --project ${project} --format "yaml(dnsName,visibility,privateVisibilityConfig)"`
  },
  {
    do: 'Make the zone visible to this network. The new list replaces the old one, so include every network that needs the zone.',
    run: shell`gcloud dns managed-zones update ${managedZone} --project ${project} --networks ${network}`
  },
  {
    do: 'If the network is peered with the network that has the zone, add a peering zone. VPC peering does not share private zones.',
    run: shell`gcloud dns managed-zones list --project ${project}`
  },
  {
    do: "If clients use a resolver other than the network's own (169.254.169.254), forward the name from there to an inbound server policy.",
    run: shell`gcloud dns policies list --project ${project}`
  }
]

/** Read the records of the zone. */
export const listRecords = ({ project, managedZone }: GcpIds): Step => ({
  do: 'Compare the records of the zone with the host, character by character.',
  run: shell`gcloud dns record-sets list --project ${project} --zone ${managedZone}`
})

/** Give the host's record the endpoint's address. */
export const pointRecord = ({ host, project, managedZone, endpointAddress }: GcpIds): readonly Step[] => [
  {
    do: "If the host has no record, create an A record with the endpoint's address.",
    run: shell`gcloud dns record-sets create ${host}. --project ${project} --zone ${managedZone} --type A --ttl 60 --rrdatas ${endpointAddress}`
  },
  {
    do: 'If the host has a record, change it.',
    run: shell`gcloud dns record-sets update ${host}. --project ${project} --zone ${managedZone} --type A --ttl 60 --rrdatas ${endpointAddress}`
  }
]

/** Read the endpoint's state and address. */
export const describeEndpoint = ({ project, region, forwardingRule }: GcpIds): Step => ({
  do: 'Check that the connection of the endpoint is ACCEPTED, and that the host resolves to its address.',
  run: shell`gcloud compute forwarding-rules describe ${forwardingRule} --project ${project} --region ${region} --format "yaml(IPAddress,pscConnectionStatus,allowPscGlobalAccess,network,target)"`
})

/** The resolver of every network. */
export const ownResolver = "the network's own resolver, 169.254.169.254"

/** How many queries that resolver takes. */
export const resolverLimits = 'Check the query limits of the resolver.'

/** An endpoint has no name of its own, so any domain may be meant. */
export const aliasDomain = 'the domain of the target'

/** Allow the name in the network's DNS filter. */
export const allowInDnsFilter = ({ project, host }: GcpIds): Step => ({
  do: `Allow ${host} in the response policy.`,
  run: shell`gcloud dns response-policies list --project ${project}`
})

/** Find out why a network's resolver is silent or fails. */
export const checkResolver = ({ project, network }: GcpIds): readonly Step[] => [
  {
    do: 'Check whether a server policy of the network names alternative name servers. They must be running and reachable.',
    run: shell`gcloud dns policies list --project ${project} --format "yaml(name,networks,alternativeNameServerConfig)"`
  },
  {
    do: 'If you run the resolver yourself, check whether a firewall blocks queries to it. No firewall can block 169.254.169.254.',
    run: shell`gcloud compute networks get-effective-firewalls ${network} --project ${project}`
  }
]

/** Read the zones that forward the name. */
export const checkForwarding = ({ project }: GcpIds): Step => ({
  do: 'Check the forwarding zone for the name. Its targets must be running and must answer queries from 35.199.192.0/19.',
  run: shell`gcloud dns managed-zones list --project ${project} --format "yaml(name,dnsName,forwardingConfig)"`
})

/** Open the firewall. */
export const openFirewall = ({ project, network, port, endpointAddress, egressFirewall }: GcpIds): Step => ({
  cause: 'A firewall rule or a hierarchical policy denies egress. Google Cloud allows egress by default.',
  do: `Allow TCP ${port} to the endpoint, with a higher priority than the rule that denies it.`,
  run: shell`gcloud compute firewall-rules describe ${egressFirewall} --project ${project} || gcloud compute firewall-rules create zilliz-privatelink-egress --project ${project} --network ${network} --direction EGRESS --allow tcp:${port} --destination-ranges ${endpointAddress}/32`
})

/** What drops packets without a message. */
export const silentFilters = 'Firewall rules of Google Cloud'

/** Read the routes. */
export const checkRoutes = ({ project, network }: GcpIds): Step => ({
  do: 'Check the routes of the network.',
  run: shell`gcloud compute routes list --project ${project} --filter ${`network~/${network}$`}`
})
