import { DataGoogleComputeForwardingRule } from '@cdktf/provider-google/lib/data-google-compute-forwarding-rule/index.js'
import { Construct } from 'constructs'
import { addCheck, address } from '../expression.ts'
import { markKeys } from '../marks.ts'
import { isToken } from '../token.ts'
import type { GcpEndpointOfOthers } from './endpoint-of-others.ts'

export interface ExistingEndpointProps {
  /** The name of its link, unique in the stack. */
  readonly linkName: string
  /** The marks of what the environment of the link makes. */
  readonly marks: Readonly<Record<string, string>>
  /** The name of the endpoint that the link would make itself. */
  readonly ownName: string
  readonly project: string
  readonly region: string
  readonly endpoint: GcpEndpointOfOthers
  /** What to do while Zilliz Cloud has not accepted it. */
  readonly whenPending: string
  /**
   * The service attachment of the region as a Terraform expression without `${}`.
   *
   * @default - not known
   */
  readonly lookedUpService?: string | undefined
}

/** A Private Service Connect endpoint that others made. It is read unless its address is given. */
export class ExistingEndpoint extends Construct {
  readonly name: string
  /** Its IPv4 address. */
  readonly address: string
  /** Google's own word, if the endpoint is read. */
  readonly connectionStatus: string | undefined

  constructor(scope: Construct, id: string, props: ExistingEndpointProps) {
    super(scope, id)
    const { project, region, endpoint, marks, ownName } = props
    this.name = endpoint.name
    if (endpoint.kind === 'given') {
      this.address = endpoint.address
      this.connectionStatus = undefined
      return
    }

    const where = this.node.path
    const isOwn = [
      `self.name == "${ownName}"`,
      ...markKeys.map(key => `lookup(self.effective_labels, "${key}", "") == "${marks[key]}"`)
    ]
    // With conditions, Terraform would read it only at apply while a resource that the token refers to has a change.
    const conditions = isToken(endpoint.name)
      ? []
      : [
          {
            condition: '${strcontains(self.target, "/serviceAttachments/")}',
            errorMessage: `${where}: ${endpoint.name} must be a Private Service Connect endpoint, got a forwarding rule to \${self.target}. Name another.`
          },
          ...(isToken(ownName)
            ? []
            : [
                {
                  condition: `\${!(${isOwn.join(' && ')})}`,
                  errorMessage: `${where}: ${endpoint.name} has the name and the labels of the endpoint that this link makes itself, so the deploy would destroy it. Remove endpoint to keep it. To hand it over, take it and its address out of the state first, and change its labels.`
                }
              ])
        ]
    const data = new DataGoogleComputeForwardingRule(this, 'Resource', {
      project,
      region,
      name: endpoint.name,
      ...(conditions.length === 0 ? {} : { lifecycle: { postcondition: conditions } })
    })
    this.address = data.ipAddress
    this.connectionStatus = data.pscConnectionStatus
    const status = `${address(data)}.psc_connection_status`
    addCheck(
      this,
      `${props.linkName}-accepted`,
      `${status} == "ACCEPTED"`,
      `${scope.node.path}: the connection of \${${address(data)}.name} is \${${status}}, not ACCEPTED. ${props.whenPending}`
    )
    const { lookedUpService } = props
    if (lookedUpService === undefined) return
    // Google answers the project's number where its id was given.
    const inRegion = (path: string) => `split("/regions/", ${path})[1]`
    addCheck(
      this,
      `${props.linkName}-service`,
      `try(${inRegion(`${address(data)}.target`)} == ${inRegion(lookedUpService)}, true)`,
      `${scope.node.path}: Zilliz Cloud answers the service attachment \${${lookedUpService}}, but \${${address(data)}.name} connects to \${${address(data)}.target}. Name an endpoint to the service attachment of Zilliz Cloud.`
    )
  }
}
