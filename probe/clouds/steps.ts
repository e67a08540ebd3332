import type { HostAndPort } from './cloud.ts'
import { shell } from './shell.ts'
import type { Step } from './step.ts'

/**
 * The first step for whatever a deploy makes: a change by hand is undone by the next deploy, or makes it fail.
 *
 * @param what what the deploy restores, in words that follow "restores"
 */
export const redeploy = (what: string, { environment, stack }: DeployedFrom): Step =>
  stack === undefined
    ? {
        do: `If zilliz-privatelink deployed the link, deploy its environment again. If the link is in your own stack, run \`cdktf deploy\`. The deploy restores ${what}.`,
        run: shell`npm run deploy -- ${environment}`
      }
    : {
        do: `Deploy the stack of the link again, with cdktn by \`cdktn deploy\`. The deploy restores ${what}.`,
        run: shell`cdktf deploy ${stack}`
      }

interface DeployedFrom {
  readonly environment: string
  readonly stack?: string | undefined
}

/** The cause of a step that is left when no candidate is the cause. */
export const noneOfThese = 'None of these.'

/** Read the routes of the machine that the probe or doctor runs on. */
export const listOwnRoutes: Step = {
  do: 'List the IPv4 and IPv6 routes of this machine.',
  run: shell`ip route; ip -6 route`
}

/** Find out what makes libc answer otherwise than the resolvers. */
export const checkLibc = ({ host }: HostAndPort): readonly Step[] => [
  { do: 'Resolve the host as an application does.', run: shell`getent ahosts ${host}` },
  {
    do: 'Check the resolvers, the search list and ndots in resolv.conf. Check the order in nsswitch.conf. Check the hosts file.',
    run: shell`cat /etc/resolv.conf /etc/nsswitch.conf /etc/hosts`
  }
]

/** Keep a resolver from removing the private addresses of the host. */
export const exemptFromRebindProtection = ({ host }: HostAndPort): Step => ({
  do: `Exempt ${host} from DNS rebind protection. Use \`private-domain\` in Unbound, \`rebind-domain-ok\` in dnsmasq, or the exception list of the router or filter.`
})

/** Compare the host with what Zilliz Cloud allocated. */
export const compareHost = ({ host }: HostAndPort): Step => ({
  do: `Compare ${host} with the private link on the cluster's page in the Zilliz Cloud console.`
})

/** Compare the port with the one that Zilliz Cloud allocated. */
export const comparePort = ({ port }: HostAndPort): Step => ({
  do: `Compare port ${port} with the private link on the cluster's page in the Zilliz Cloud console.`
})

/** See the certificate of whatever answers. */
export const inspectTls = ({ host, port }: HostAndPort): Step => ({
  do: 'Check which server answers, and which certificate it has.',
  run: shell`openssl s_client -connect ${host}:${port} -servername ${host} -showcerts </dev/null`
})

/** Send a request as a client does. */
export const sendRequest = ({ host, port }: HostAndPort): Step => ({
  do: 'Send a request by hand. A working link answers with status 400.',
  run: shell`curl -sv --max-time 10 https://${host}:${port}/`
})

/** See whether the cluster runs. */
export const checkCluster: Step = { do: "Check the cluster's status in the Zilliz Cloud console." }
