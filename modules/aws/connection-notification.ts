import { VpcEndpointConnectionNotification } from '@cdktf/provider-aws/lib/vpc-endpoint-connection-notification/index.js'
import { Construct } from 'constructs'

export interface ConnectionNotificationProps {
  readonly region: string
  readonly endpointId: string
  /** The SNS topic; its policy must let `vpce.amazonaws.com` publish. */
  readonly topicArn: string
}

/** Tells an SNS topic when the vendor accepts, rejects or ends the connection, or the endpoint goes. */
export class ConnectionNotification extends Construct {
  constructor(scope: Construct, id: string, props: ConnectionNotificationProps) {
    super(scope, id)

    new VpcEndpointConnectionNotification(this, 'Resource', {
      region: props.region,
      vpcEndpointId: props.endpointId,
      connectionNotificationArn: props.topicArn,
      connectionEvents: ['Accept', 'Connect', 'Delete', 'Reject']
    })
  }
}
