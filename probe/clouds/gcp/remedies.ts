import type { Remedies } from '../cloud.ts'
import { shell } from '../shell.ts'
import { comparePort, noneOfThese, redeploy } from '../steps.ts'
import { usualRemedies } from '../usual-remedies.ts'
import * as steps from './steps.ts'
import type { GcpIds } from './target.ts'

const usual = usualRemedies<GcpIds>(steps)

/** What to do on Google Cloud. */
export const remedies = {
  ...usual,
  'dangling-cname': ids => [
    redeploy('endpoint and record', ids),
    steps.listRecords(ids),
    steps.describeEndpoint(ids),
    ...steps.pointRecord(ids)
  ],
  'endpoint-gone': ids => [steps.describeEndpoint(ids), redeploy('the endpoint', ids), ...steps.pointRecord(ids)],
  // No endpoint has a name of its own here, so the alias is the mistake.
  'cname-without-address': usual['record-missing'],
  'dns-tcp-blocked': () => [{ do: 'allow egress to the resolver on TCP port 53, as well as UDP' }],
  'no-answer-to-syn': ids => [
    redeploy('endpoint and firewall', ids),
    {
      ...steps.describeEndpoint(ids),
      cause: 'Zilliz Cloud has not accepted the endpoint, or rejected it: its status is PENDING, REJECTED or CLOSED',
      do: 'register the endpoint and the project id with Zilliz Cloud; its status must become ACCEPTED'
    },
    steps.openFirewall(ids),
    {
      cause: 'the clients are in another region than the endpoint, and the endpoint does not allow global access',
      do: 'allow global access',
      run: shell`gcloud compute forwarding-rules update ${ids.forwardingRule} --project ${ids.project} --region ${ids.region} --allow-psc-global-access`
    },
    {
      cause: 'the clients are in a peered network; a Private Service Connect endpoint is not reachable from there',
      do: 'create an endpoint in their own network, or propagate the connection through Network Connectivity Center'
    },
    {
      ...comparePort(ids),
      cause: 'the port is not the one that Zilliz Cloud allocated to this host'
    },
    {
      cause: noneOfThese,
      do: 'follow a packet from a client to the endpoint with a connectivity test; it names what blocks it',
      run: shell`gcloud network-management connectivity-tests create zilliz-privatelink --project ${ids.project} --source-instance <clients-instance> --destination-ip-address ${ids.endpointAddress} --destination-port ${ids.port} --protocol TCP`
    }
  ],
  'tls-reset': ({ host }) => [
    { cause: 'Secure Web Proxy or Cloud NGFW filters by the name in TLS', do: `allow ${host} there` },
    { cause: 'the producer drops the connection', do: 'ask Zilliz Cloud support' }
  ],
  'tls-silent': () => [
    {
      cause: 'a VPN, an interconnect or an overlay has a smaller MTU and drops large packets without a message',
      do: 'lower the MTU or clamp the MSS there; the default MTU of a network is 1,460 bytes'
    },
    { cause: 'a proxy or the service holds the connection without answering', do: 'ask Zilliz Cloud support' }
  ],
  'resolver-without-answer': ids => [
    ...steps.attachZone(ids),
    { do: 'if it answers NXDOMAIN from its cache, wait; Cloud DNS allows 5 minutes of negative caching' }
  ],
  'address-fails': ids => [steps.describeEndpoint(ids), steps.listRecords(ids)]
} satisfies Remedies<GcpIds>
