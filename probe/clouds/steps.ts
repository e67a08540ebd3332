import type { HostAndPort } from './cloud.ts'
import { shell } from './shell.ts'
import type { Step } from './step.ts'

/**
 * The first step for whatever a deploy makes: a change by hand is undone by the next deploy, or makes it fail.
 *
 * @param what restored, in words that follow "that restores"
 */
export const redeploy = (what: string, { environment, stack }: DeployedFrom): Step =>
  stack === undefined
    ? {
        do: `if zilliz-privatelink deployed the link, deploy its environment again, or your own stack with \`cdktf deploy\`: that restores ${what}`,
        run: shell`npm run deploy -- ${environment}`
      }
    : {
        do: `deploy the stack of the link again, with cdktn by \`cdktn deploy\`: that restores ${what}`,
        run: shell`cdktf deploy ${stack}`
      }

interface DeployedFrom {
  readonly environment: string
  readonly stack?: string | undefined
}

/** The cause of a step that is left when no candidate is the cause. */
export const noneOfThese = 'none of these'

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

/** Keep a resolver from removing the private addresses of the host. */
export const exemptFromRebindProtection = ({ host }: HostAndPort): Step => ({
  do: `exempt ${host} from DNS rebind protection: \`private-domain\` in Unbound, \`rebind-domain-ok\` in dnsmasq, or the exception list of a router or filter`
})

/** Compare the host with what Zilliz Cloud allocated. */
export const compareHost = ({ host }: HostAndPort): Step => ({
  do: `compare ${host} with the private link on the cluster's page in the Zilliz Cloud console`
})

/** Compare the port with the one that Zilliz Cloud allocated. */
export const comparePort = ({ port }: HostAndPort): Step => ({
  do: `compare port ${port} with the private link on the cluster's page in the Zilliz Cloud console`
})

/** See the certificate of whatever answers. */
export const inspectTls = ({ host, port }: HostAndPort): Step => ({
  do: 'check which server answers, and with which certificate',
  run: shell`openssl s_client -connect ${host}:${port} -servername ${host} -showcerts </dev/null`
})

/** Send a request as a client does. */
export const sendRequest = ({ host, port }: HostAndPort): Step => ({
  do: 'send a request by hand; a working link answers 400',
  run: shell`curl -sv --max-time 10 https://${host}:${port}/`
})

/** See whether the cluster runs. */
export const checkCluster: Step = { do: "check the cluster's status in the Zilliz Cloud console" }
