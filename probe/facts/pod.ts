/** The pod of Kubernetes that this process runs in, as far as a process can tell without the API of the cluster. */
export interface Pod {
  /** The host name: the pod's own name, or that of its node if it uses the network of the node. `undefined` if it is no name of the DNS. */
  readonly name: string | undefined
  /** `undefined` if the pod has neither an account's folder nor the cluster's search list. */
  readonly namespace: string | undefined
  /** How many dots a name must have for libc to try it before the search list (resolv.conf(5)). */
  readonly ndots: number
}
