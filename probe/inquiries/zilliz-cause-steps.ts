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
          do: `register ${object} with the project of the cluster: in the Zilliz Cloud console, or by a deploy with an API key`
        }
      ]
    case 'zilliz-endpoint-not-ready':
      return [
        { do: 'wait until the status of the endpoint in the Zilliz Cloud console is Available' },
        { do: 'if it stays so, ask Zilliz Cloud support' }
      ]
    case 'zilliz-other-port':
      return [{ do: `use the port of ${object}: in the environment or the config, in the rules, and in clients` }]
    case 'zilliz-no-private-link':
      return [
        { do: `compare the host with the private link on the page of ${object} in the Zilliz Cloud console` },
        { do: 'if the cluster has no private link, check its plan, and register an endpoint with its project' }
      ]
    case 'zilliz-no-cluster':
      return [{ do: `remove ${object} from the environment or the config, or write the host of a cluster that exists` }]
    case 'zilliz-cluster-not-running':
      return [{ do: `resume ${object} in the Zilliz Cloud console` }]
    default:
      return undefined
  }
}
