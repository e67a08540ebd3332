import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readOwnPod } from '../../../probe/inquiries/own-pod.ts'

const clusterDns =
  'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n'
const inCluster = { KUBERNETES_SERVICE_HOST: '10.96.0.1' }

interface Machine {
  readonly variables?: { readonly KUBERNETES_SERVICE_HOST?: string }
  /** What the account's folder says of the namespace. Default: there is no such folder. */
  readonly namespace?: string
  readonly resolvConf?: string
  readonly hostName?: string
}

async function podOf({ variables = {}, namespace, resolvConf, hostName = 'checkout-7d4b9c-x2x9p' }: Machine) {
  const directory = await mkdtemp(join(tmpdir(), 'own-pod-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  if (namespace !== undefined) await writeFile(join(directory, 'namespace'), namespace)
  if (resolvConf !== undefined) await writeFile(join(directory, 'resolv.conf'), resolvConf)
  return readOwnPod(variables, { accountFolder: directory, resolvConf: join(directory, 'resolv.conf'), hostName })
}

const name = 'checkout-7d4b9c-x2x9p'

test.for<{ when: string; machine: Machine; is: Awaited<ReturnType<typeof podOf>> }>([
  { when: 'a machine of its own is no pod', machine: { resolvConf: 'nameserver 10.0.0.2\n' }, is: undefined },
  {
    when: 'a search list like that of a pod makes none',
    machine: { resolvConf: clusterDns },
    is: undefined
  },
  {
    when: 'a variable that is empty makes none',
    machine: { variables: { KUBERNETES_SERVICE_HOST: '' } },
    is: undefined
  },
  {
    when: 'a pod without a token has its namespace from the search list',
    machine: { variables: inCluster, resolvConf: clusterDns },
    is: { name, namespace: 'shop', ndots: 5 }
  },
  {
    when: "a pod with a token has its namespace from the account's folder",
    machine: { namespace: 'shop-2\n', resolvConf: clusterDns },
    is: { name, namespace: 'shop-2', ndots: 5 }
  },
  {
    when: 'a pod with the DNS of its node has no namespace, and ndots as libc has it',
    machine: { variables: inCluster, resolvConf: 'nameserver 10.0.0.2\n' },
    is: { name, namespace: undefined, ndots: 1 }
  },
  {
    when: 'a pod without a resolv.conf is a pod',
    machine: { variables: inCluster },
    is: { name, namespace: undefined, ndots: 1 }
  },
  {
    when: 'the last ndots counts, of at most 15',
    machine: { variables: inCluster, resolvConf: 'options ndots:2 edns0\noptions timeout:1 ndots:99\n' },
    is: { name, namespace: undefined, ndots: 15 }
  },
  {
    when: 'a namespace and a name that are none are not known',
    machine: {
      namespace: 'x; touch done',
      variables: inCluster,
      hostName: '\u001b[2J',
      resolvConf: 'search A_b.svc.x\n'
    },
    is: { name: undefined, namespace: undefined, ndots: 1 }
  }
])('$when', async ({ machine, is }) => {
  expect(await podOf(machine)).toEqual(is)
})
