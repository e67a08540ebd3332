import type { Ids, Step } from './case.ts'
import { shell } from './shell.ts'

type Gcp = Ids<'gcp'>

/** Is the zone there, and does the network see it? */
export const attachZone = ({ project, network, managedZone }: Gcp): readonly Step[] => [
  {
    do: 'see which networks the private managed zone is visible to',
    run: shell`gcloud dns managed-zones describe ${managedZone} --project ${project} --format "yaml(dnsName,visibility,privateVisibilityConfig)"`
  },
  {
    do: 'make it visible to this network; the list replaces the one before, so name all that need it',
    run: shell`gcloud dns managed-zones update ${managedZone} --project ${project} --networks ${network}`
  },
  {
    do: 'if the network is peered with the one that has the zone, add a peering zone: VPC peering alone does not carry names',
    run: shell`gcloud dns managed-zones list --project ${project}`
  },
  {
    do: "if the resolver is not the network's own (169.254.169.254), let it forward the name to an inbound server policy",
    run: shell`gcloud dns policies list --project ${project}`
  }
]

/** Look at the records of the zone. */
export const listRecords = ({ project, managedZone }: Gcp): Step => ({
  do: 'look at the records of the zone, character by character',
  run: shell`gcloud dns record-sets list --project ${project} --zone ${managedZone}`
})

/** Let the host's record hold the endpoint's address. */
export const pointRecord = ({ host, project, managedZone, endpointAddress }: Gcp): readonly Step[] => [
  {
    do: "give the host an A record with the endpoint's address",
    run: shell`gcloud dns record-sets create ${host}. --project ${project} --zone ${managedZone} --type A --ttl 60 --rrdatas ${endpointAddress}`
  },
  {
    do: 'or, if it has one already, change it',
    run: shell`gcloud dns record-sets update ${host}. --project ${project} --zone ${managedZone} --type A --ttl 60 --rrdatas ${endpointAddress}`
  }
]

/** What state is the endpoint in? */
export const describeEndpoint = ({ project, region, forwardingRule }: Gcp): Step => ({
  do: 'look at the endpoint: its connection must be ACCEPTED, and its address the one that the host resolves to',
  run: shell`gcloud compute forwarding-rules describe ${forwardingRule} --project ${project} --region ${region} --format "yaml(IPAddress,pscConnectionStatus,allowPscGlobalAccess,network,target)"`
})

/** Why a network's resolver is silent or fails. */
export const lookAtResolver = ({ project, network }: Gcp): readonly Step[] => [
  {
    do: 'see whether a server policy of the network names alternative name servers, which must be alive and reachable',
    run: shell`gcloud dns policies list --project ${project} --format "yaml(name,networks,alternativeNameServerConfig)"`
  },
  {
    do: 'see whether a firewall keeps queries from leaving to a resolver of your own; 169.254.169.254 cannot be filtered',
    run: shell`gcloud compute networks get-effective-firewalls ${network} --project ${project}`
  }
]

/** Who answers for the name when a zone forwards it elsewhere? */
export const lookAtForwarding = ({ project }: Gcp): Step => ({
  do: 'look at the forwarding zone for the name: its targets must be alive, and must let 35.199.192.0/19 ask them',
  run: shell`gcloud dns managed-zones list --project ${project} --format "yaml(name,dnsName,forwardingConfig)"`
})

/** Are packets to the endpoint let through? */
export const openFirewall = ({ project, network, port, endpointAddress, egressFirewall }: Gcp): Step => ({
  cause: 'a firewall rule or a hierarchical policy denies egress; without one, Google Cloud allows it',
  do: `allow TCP ${port} to the endpoint with a priority above the denial`,
  run: shell`gcloud compute firewall-rules describe ${egressFirewall} --project ${project} || gcloud compute firewall-rules create zilliz-privatelink-egress --project ${project} --network ${network} --direction EGRESS --allow tcp:${port} --destination-ranges ${endpointAddress}/32`
})
