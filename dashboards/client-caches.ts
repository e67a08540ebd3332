import { markdownTable } from '../probe/reference/tables.ts'

/** Where a client may keep an answer longer than its record says, and how to look at that and end it. */
interface ClientCache {
  readonly where: string
  /** For how long. */
  readonly keeps: string
  /** A command, or where there is none what to do. */
  readonly ask: string
  readonly end: string
}

/**
 * JVM: the comments in `java.security` of OpenJDK 17. NodeLocal DNSCache: the Corefile in the manifest of Kubernetes. systemd-resolved:
 * resolved.conf(5) and resolvectl(1). Windows: the cmdlets of the module DnsClient.
 */
const clientCaches: readonly ClientCache[] = [
  {
    where: 'JVM',
    keeps:
      'An address for `networkaddress.cache.ttl` (30 s; with a security manager, for ever), a failure for `networkaddress.cache.negative.ttl` (10 s). It ignores the TTL of the record.',
    ask: '`grep networkaddress.cache "$JAVA_HOME/conf/security/java.security"`',
    end: 'Restart the process. To change the times, set both properties in that file.'
  },
  {
    where: 'NodeLocal DNSCache',
    keeps: 'At most 30 s, by `cache 30` in its Corefile. The ConfigMap shows what yours has.',
    ask: '`dig @169.254.20.10 <host>` on the node',
    end: '`kubectl --namespace kube-system rollout restart daemonset node-local-dns`'
  },
  {
    where: 'systemd-resolved',
    keeps: 'An answer for its TTL, and a negative one for the time in its SOA.',
    ask: '`resolvectl query <host>`',
    end: '`resolvectl flush-caches`. To keep no negative answers, set `Cache=no-negative` in `resolved.conf`.'
  },
  {
    where: 'Windows',
    keeps: 'An answer for its TTL, at most for the `MaxCacheTtl` of the service Dnscache.',
    ask: '`Get-DnsClientCache -Entry <host>` in PowerShell',
    end: '`Clear-DnsClientCache` in PowerShell, or `ipconfig /flushdns`'
  }
]

/** The table of them. */
export function clientCacheTable(): string {
  const rows = clientCaches.map(({ where, keeps, ask, end }) => [where, keeps, ask, end])
  return markdownTable(['cache', 'keeps', 'ask it', 'end it'], rows)
}
