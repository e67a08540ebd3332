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
    redeploy('the endpoint and the record', ids),
    steps.listRecords(ids),
    steps.describeEndpoint(ids),
    ...steps.pointRecord(ids)
  ],
  'endpoint-gone': ids => [steps.describeEndpoint(ids), redeploy('the endpoint', ids), ...steps.pointRecord(ids)],
  // No endpoint has a name of its own here, so the alias is the mistake.
  'cname-without-address': usual['record-missing'],
  'dns-tcp-blocked': () => [{ do: 'Allow egress to the resolver on TCP port 53, as well as UDP.' }],
  'no-answer-to-syn': ids => [
    redeploy('the endpoint and the firewall rule', ids),
    {
      ...steps.describeEndpoint(ids),
      cause: 'Zilliz Cloud has not accepted the endpoint, or rejected it. The status is PENDING, REJECTED or CLOSED.',
      do: 'Register the endpoint and the project id with Zilliz Cloud. The status of the endpoint must become ACCEPTED.'
    },
    steps.openFirewall(ids),
    {
      cause: 'The clients are not in the region of the endpoint, and the endpoint does not allow global access.',
      do: 'Allow global access.',
      run: shell`gcloud compute forwarding-rules update ${ids.forwardingRule} --project ${ids.project} --region ${ids.region} --allow-psc-global-access`
    },
    {
      cause: 'The clients are in a peered network. A Private Service Connect endpoint is not reachable from there.',
      do: 'Create an endpoint in the network of the clients, or propagate the connection through Network Connectivity Center.'
    },
    {
      ...comparePort(ids),
      cause: 'Zilliz Cloud allocated another port to this host.'
    },
    {
      cause: noneOfThese,
      do: 'Trace a packet from a client to the endpoint with a connectivity test. It names what blocks the packet.',
      run: shell`gcloud network-management connectivity-tests create zilliz-privatelink --project ${ids.project} --source-instance <clients-instance> --destination-ip-address ${ids.endpointAddress} --destination-port ${ids.port} --protocol TCP`
    }
  ],
  'tls-reset': ({ host }) => [
    { cause: 'Secure Web Proxy or Cloud NGFW filters by the name in TLS.', do: `Allow ${host} there.` },
    { cause: 'Zilliz Cloud drops the connection.', do: 'Ask Zilliz Cloud support.' }
  ],
  'tls-silent': () => [
    {
      cause: 'A VPN, an interconnect or an overlay has a smaller MTU and drops large packets without a message.',
      do: 'Lower the MTU or clamp the MSS there. The default MTU of a network is 1,460 bytes.'
    },
    { cause: 'A proxy or the service accepts the connection but does not answer.', do: 'Ask Zilliz Cloud support.' }
  ],
  'resolver-without-answer': ids => [
    ...steps.attachZone(ids),
    { do: 'If the resolver answers NXDOMAIN from its cache, wait. Cloud DNS allows 5 minutes of negative caching.' }
  ],
  'address-fails': ids => [steps.describeEndpoint(ids), steps.listRecords(ids)]
} satisfies Remedies<GcpIds>
