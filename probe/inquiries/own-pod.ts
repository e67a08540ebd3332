import { hostname } from 'node:os'
import { readBytes } from '../config/read-bytes.ts'
import { systemResolversFile } from '../config/system-resolvers.ts'
import type { Pod } from '../facts/pod.ts'

/** Where the kubelet mounts the token of a pod's account, and the name of its namespace. */
const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/** A label of the DNS (RFC 1123), which the name of a namespace is. */
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'

/** Where the system shows what it knows of a pod. */
interface PodSources {
  /** @default - where the kubelet mounts it */
  readonly accountFolder?: string
  /** @default - the system's */
  readonly resolvConf?: string
  /** @default - the system's */
  readonly hostName?: string
}

/**
 * Reads whether this process is in a pod: the kubelet sets KUBERNETES_SERVICE_HOST in every container, and mounts an account's folder
 * unless the pod does without. Where a file is missing or holds something else, that fact is not known.
 */
export async function readOwnPod(
  variables: { readonly KUBERNETES_SERVICE_HOST?: string },
  places: PodSources = {}
): Promise<Pod | undefined> {
  const [account, resolvConf] = await Promise.all([
    textOf(`${places.accountFolder ?? accountFolder}/namespace`),
    textOf(places.resolvConf ?? systemResolversFile)
  ])
  if (!variables.KUBERNETES_SERVICE_HOST && account === undefined) return undefined
  const [name] = new RegExp(`^${label}(?:\\.${label})*$`).exec(places.hostName ?? hostname()) ?? []
  return { name, namespace: namespaceIn(account, resolvConf ?? ''), ndots: ndotsIn(resolvConf ?? '') }
}

function namespaceIn(account: string | undefined, resolvConf: string): string | undefined {
  const [written] = account === undefined ? [] : (new RegExp(`^${label}$`).exec(account.trim()) ?? [])
  // The first domain of the search list is the namespace's own: default.svc.cluster.local.
  return written ?? new RegExp(`^search[ \\t]+(${label})\\.svc\\.`, 'm').exec(resolvConf)?.[1]
}

/** The last setting counts, of at most 15; 1 without one (resolv.conf(5)). */
function ndotsIn(resolvConf: string): number {
  const settings = [...resolvConf.matchAll(/^options\b.*$/gm)].flatMap(([line]) => [
    ...line.matchAll(/[ \t]ndots:(\d{1,4})(?=\s|$)/g)
  ])
  return Math.min(15, Number(settings.at(-1)?.[1] ?? 1))
}

async function textOf(file: string): Promise<string | undefined> {
  const read = await readBytes(file)
  return 'mistake' in read ? undefined : read.toString('utf8')
}
