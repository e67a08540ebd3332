import type { CaseId } from '../cases/catalogue.ts'
import type { FindingId } from '../cases/findings.ts'
import type { Pod } from '../facts/pod.ts'
import type { HostAndPort } from './cloud.ts'
import { shell } from './shell.ts'
import type { Step } from './step.ts'

/** The additional steps for a case or a finding that was observed from a pod. */
type PodRemedy = (pod: Pod, ids: HostAndPort) => readonly Step[]

const listPolicies = ({ namespace = '<namespace>' }: Pod) =>
  shell`kubectl get --namespace ${namespace} "$(kubectl api-resources --verbs=list --output=name | grep -E 'networkpolic|egressfirewall' | paste -sd, -)"`

const listPods = ({ namespace = '<namespace>' }: Pod) => shell`kubectl get pods --namespace ${namespace} --output wide`

/** Policies choose pods by their labels, and every node has its own DNS cache and routes. */
const compareWithClient = ({ host, port }: HostAndPort): Step => ({
  cause: 'The fault affects only some pods or nodes.',
  do: "Run doctor in a client's pod, with the image of the probe.",
  run: shell`kubectl debug --namespace <clients-namespace> <clients-pod> --image <image> --profile restricted --stdin --tty -- node probe/doctor/doctor.ts ${`https://${host}:${port}`}`
})

const allowEndpoint = (pod: Pod, { port }: HostAndPort): Step => ({
  cause:
    'A NetworkPolicy, or another policy of the cluster, does not allow outbound traffic from these pods to the endpoint.',
  do: `List the policies of every kind, and allow TCP ${port} to the addresses of the endpoint.`,
  run: listPolicies(pod)
})

const checkFqdnPolicy = (_: Pod, { host }: HostAndPort): Step => ({
  cause: 'An FQDN policy allows only addresses that the pod looked up through the DNS proxy of the cluster.',
  do: `Check that the policy names ${host} and allows DNS. Then compare with a client, because the probe also queries other resolvers.`
})

const checkPodRange = (pod: Pod): Step => ({
  cause: 'The rules of the endpoint do not allow the address range of the pods.',
  do: 'Compare the addresses of the pods with the sources that the endpoint allows.',
  run: listPods(pod)
})

const allowDns = (pod: Pod): Step => ({
  cause: 'A NetworkPolicy does not allow these pods to query the resolver.',
  do: 'Allow UDP and TCP 53 to the cluster DNS, to NodeLocal DNSCache (169.254.20.10) and to the resolver of the network.',
  run: listPolicies(pod)
})

const checkClusterDns = (_: Pod, { host }: HostAndPort): Step => ({
  cause: 'The cluster DNS, or NodeLocal DNSCache, does not forward the name to the resolver of the network.',
  do: `Check where they forward ${host}. A stub domain must point to the resolver that has the private zone.`,
  run: shell`kubectl get configmaps --namespace kube-system coredns node-local-dns kube-dns --ignore-not-found --output yaml`
})

const checkNodeLocal: Step = {
  cause: 'NodeLocal DNSCache on the node of this pod fails, or has an old answer.',
  do: 'Check its pod on that node. By default, it keeps an answer for at most 30 seconds.',
  run: shell`kubectl get pods --namespace kube-system --selector k8s-app=node-local-dns --output wide`
}

/** Only where libc tries the search list first: the host has fewer dots than ndots. */
const checkNdots: PodRemedy = ({ ndots }, { host }) =>
  host.split('.').length - 1 >= ndots
    ? []
    : [
        {
          cause: `With \`ndots\` set to ${ndots}, libc tries the search domains first. One of them answers or fails.`,
          do: 'Resolve the host with a dot at its end, which skips the search domains. If that works, set `ndots` to 1 in the `dnsConfig` of the pods.',
          run: shell`getent ahosts ${`${host}.`}`
        }
      ]

const checkMesh = ({ name = '<pod>', namespace = '<namespace>' }: Pod): Step => ({
  cause:
    'The sidecar of a service mesh accepts every connection, then closes those to hosts that the mesh does not know.',
  do: 'If the pod has a sidecar, add the host to the mesh (a `ServiceEntry` in Istio), or exclude the port from the sidecar.',
  run: shell`kubectl get pod --namespace ${namespace} ${name} --output ${"jsonpath={.spec['initContainers','containers'][*].name}"}`
})

const noAnswer: PodRemedy = (pod, ids) => [
  allowEndpoint(pod, ids),
  checkFqdnPolicy(pod, ids),
  checkPodRange(pod),
  compareWithClient(ids)
]
const rejected: PodRemedy = (pod, ids) => [allowEndpoint(pod, ids), compareWithClient(ids)]
const wrongName: PodRemedy = (pod, ids) => [checkClusterDns(pod, ids), checkNodeLocal, compareWithClient(ids)]
const silentResolver: PodRemedy = (pod, ids) => [allowDns(pod), checkNodeLocal, compareWithClient(ids)]
const libc: PodRemedy = (pod, ids) => [
  ...checkNdots(pod, ids),
  checkClusterDns(pod, ids),
  checkNodeLocal,
  compareWithClient(ids)
]
const ended: PodRemedy = (pod, ids) => [checkMesh(pod), compareWithClient(ids)]

/** What Kubernetes adds to the remedies of every cloud, if the probe or doctor runs in a pod. */
export const podRemedies: Readonly<Partial<Record<CaseId | FindingId, PodRemedy>>> = {
  // Cases: names.
  'zone-not-visible': wrongName,
  'record-missing': wrongName,
  'resolves-public': wrongName,
  'resolves-partly-public': wrongName,
  'stale-record': wrongName,
  'forwarding-broken': wrongName,
  'resolver-fails': wrongName,
  'resolver-refuses': wrongName,
  'resolver-silent': silentResolver,
  'resolver-unreachable': silentResolver,
  'resolver-port-closed': silentResolver,
  'dns-tcp-blocked': silentResolver,
  'libc-knows-no-such-name': libc,
  'libc-cannot-resolve': libc,
  'libc-misdirects': libc,

  // Cases: the path.
  'no-answer-to-syn': noAnswer,
  'connection-refused': rejected,
  'no-route': rejected,
  'network-unreachable': (pod, ids) => [
    {
      cause: 'The host resolves to an address family that the pod does not have.',
      do: 'Compare the addresses of the pods. In an IPv6-only cluster, an IPv4 endpoint needs DNS64 and NAT64.',
      run: listPods(pod)
    },
    compareWithClient(ids)
  ],
  'tls-reset': ended,
  'tls-silent': ended,
  'application-reset': ended,

  // Findings.
  'resolver-without-answer': wrongName,
  'resolvers-disagree': wrongName,
  'resolver-intermittent': silentResolver,
  'libc-differs': libc,
  'libc-slow': libc,
  'address-fails': rejected,
  intermittent: (_, ids) => [compareWithClient(ids)]
}
