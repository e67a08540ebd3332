import { optionalText, text, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { ec2Error, type Refusal } from './aws-error.ts'

/** Whom to tell of what happens to an endpoint. */
export interface ConnectionNotification {
  readonly id: string
  readonly region: string
  readonly endpointId: string
  topicArn: string
  events: readonly string[]
}

const knownEvents = ['Accept', 'Connect', 'Delete', 'Reject']

const targets = ['vpc_endpoint_id', 'vpc_endpoint_service_id']

/** Plays aws_vpc_endpoint_connection_notification for endpoints, not for services of one's own. */
export function connectionNotification(cloud: AwsCloud): Resource {
  return {
    type: 'aws_vpc_endpoint_connection_notification',
    forcesReplacement: targets,

    validate: config => {
      const given = targets.filter(name => config[name] !== null)
      if (given.length === 1) return
      const what = given.length === 0 ? 'one of' : 'only one of'
      const but =
        given.length === 0 ? 'must be specified' : `can be specified, but \`${given.join(',')}\` were specified.`
      const detail = `"vpc_endpoint_id": ${what} \`${targets.join(',')}\` ${but}`
      throw new CloudError('Invalid combination of arguments', detail)
    },

    plan: ({ config }) => {
      if (config.vpc_endpoint_service_id !== null) throw new Error('the stand-in plays no notifications of services')
    },

    create: planned => {
      const doing = 'creating EC2 VPC Endpoint Connection Notification'
      const call = 'CreateVpcEndpointConnectionNotification'
      const content = contentOf(doing, call, planned)
      const endpointId = text(planned, 'vpc_endpoint_id')
      const region = text(planned, 'region')
      if (cloud.vpcEndpoints.get(endpointId)?.region !== region) {
        const message = `The VpcEndpoint Id '${endpointId}' does not exist`
        throw ec2Error(doing, { call, code: 'InvalidVpcEndpointId.NotFound', message })
      }
      const id = `vpce-nfn-0${cloud.identifiers.hex(16, 'notification', endpointId)}`
      cloud.connectionNotifications.set(id, { id, region, endpointId, ...content })
      cloud.note(call, id)
      return id
    },

    read: state => {
      const notification = cloud.connectionNotifications.get(text(state, 'id'))
      if (notification === undefined) return undefined
      return {
        connection_events: [...notification.events],
        connection_notification_arn: notification.topicArn,
        notification_type: 'Topic',
        region: notification.region,
        state: 'Enabled',
        vpc_endpoint_id: notification.endpointId,
        vpc_endpoint_service_id: null
      }
    },

    update: (planned, prior) => {
      const notification = cloud.connectionNotifications.get(text(prior, 'id'))
      const settable = ['connection_events', 'connection_notification_arn']
      if (notification === undefined || settable.every(name => sameValue(planned[name], prior[name]))) return
      const doing = `updating EC2 VPC Endpoint Connection Notification (${notification.id})`
      const call = 'ModifyVpcEndpointConnectionNotification'
      Object.assign(notification, contentOf(doing, call, planned))
      cloud.note(call, notification.id)
    },

    delete: state => {
      const id = text(state, 'id')
      if (cloud.connectionNotifications.delete(id)) cloud.note('DeleteVpcEndpointConnectionNotifications', id)
    }
  }
}

function contentOf(
  doing: string,
  call: Refusal['call'],
  planned: Attributes
): Pick<ConnectionNotification, 'topicArn' | 'events'> {
  const events = texts(planned, 'connection_events')
  const unheard = events.find(event => !knownEvents.includes(event))
  if (unheard !== undefined) {
    const message = `The connection event '${unheard}' is not valid. Valid values: ${knownEvents.join(', ')}.`
    throw ec2Error(doing, { call, code: 'InvalidParameter', message })
  }
  const topicArn = optionalText(planned, 'connection_notification_arn') ?? ''
  if (!/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(topicArn)) {
    const message = `The connection notification ARN '${topicArn}' is not that of an SNS topic.`
    throw ec2Error(doing, { call, code: 'InvalidParameter', message })
  }
  return { topicArn, events }
}
