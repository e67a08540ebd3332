import type { ConfirmedCause } from '../causes/inquiry.ts'
import type { Step } from '../clouds/step.ts'

/** What to do about a cause that Zilliz Cloud confirms. `undefined` for a cause of a cloud. */
export function zillizCauseSteps({
  id,
  about: [object = '<cluster-id>']
}: ConfirmedCause): readonly Step[] | undefined {
  switch (id) {
    case 'zilliz-endpoint-not-registered':
      return [
        {
          do: `Register ${object} with the project of the cluster. Use the Zilliz Cloud console, or deploy with an API key.`
        }
      ]
    case 'zilliz-endpoint-not-ready':
      return [
        { do: 'Wait until the status of the endpoint in the Zilliz Cloud console is Available.' },
        { do: 'If the status does not change, ask Zilliz Cloud support.' }
      ]
    case 'zilliz-other-port':
      return [{ do: `Use the port of ${object} in the environment or the config, in the rules, and in clients.` }]
    case 'zilliz-no-private-link':
      return [
        { do: `Compare the host with the private link on the page of ${object} in the Zilliz Cloud console.` },
        { do: 'If the cluster has no private link, check its plan, and register an endpoint with its project.' }
      ]
    case 'zilliz-no-cluster':
      return [{ do: `Remove ${object} from the environment or the config, or write the host of an existing cluster.` }]
    case 'zilliz-cluster-not-running':
      return [{ do: `Resume ${object} in the Zilliz Cloud console.` }]
    default:
      return undefined
  }
}
