import type { HostAndPort, Step } from './case.ts'
import { shell } from './shell.ts'

/** Read the routes of the machine that the probe or doctor runs on. */
export const listOwnRoutes: Step = {
  do: 'list the routes of this machine, for IPv4 and IPv6',
  run: shell`ip route; ip -6 route`
}

/** Find out what makes libc answer otherwise than the resolvers. */
export const checkLibc = ({ host }: HostAndPort): readonly Step[] => [
  { do: 'resolve the host as an application does', run: shell`getent ahosts ${host}` },
  {
    do: 'check the resolvers, the search list and ndots in resolv.conf, the order in nsswitch.conf, and the hosts file',
    run: shell`cat /etc/resolv.conf /etc/nsswitch.conf /etc/hosts`
  }
]
