import { expect, test } from 'vitest'
import { runbooks } from '../../dashboards/runbooks.ts'

test.for(['PrivateLinkNameOrServiceNotKnown', 'PrivateLinkStaleAddress', 'PrivateLinkNotPrivate'])(
  'the runbook %s says how to ask and to end the cache of each kind of client',
  alert => {
    const page = runbooks()[`runbooks/${alert}.md`]
    for (const command of [
      'networkaddress.cache.ttl',
      'networkaddress.cache.negative.ttl',
      'rollout restart daemonset node-local-dns',
      'resolvectl flush-caches',
      'Clear-DnsClientCache'
    ]) {
      expect(page).toContain(command)
    }
  }
)
