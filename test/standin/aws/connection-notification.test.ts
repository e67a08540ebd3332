import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import {
  VpcEndpointConnectionNotification,
  type VpcEndpointConnectionNotificationConfig
} from '@cdktf/provider-aws/lib/vpc-endpoint-connection-notification/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const topic = 'arn:aws:sns:us-west-2:123456789012:endpoints'

function newCloud(): AwsCloud {
  const vpcEndpoint = {
    serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
    vpcId: 'vpc-0aaa',
    subnetIds: [],
    securityGroupIds: []
  }
  return new AwsCloud({
    vpcs: [{ id: 'vpc-0aaa', cidrs: ['10.0.0.0/16'], subnets: [] }],
    vpcEndpoints: ['vpce-0first', 'vpce-0second'].map(id => ({ ...vpcEndpoint, id }))
  })
}

function withNotifications(notifications: Readonly<Record<string, Partial<VpcEndpointConnectionNotificationConfig>>>) {
  return (stack: TerraformStack) => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const common = { connectionNotificationArn: topic, connectionEvents: ['Accept', 'Reject'] }
    for (const [id, config] of Object.entries(notifications)) {
      new VpcEndpointConnectionNotification(stack, id, { ...common, ...config })
    }
  }
}

test('a notification comes, is left alone, changes in place, is replaced and goes', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, withNotifications({ it: { vpcEndpointId: 'vpce-0first' } }))
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  expect((await stack.state()).map(({ values }) => values)).toEqual([
    {
      connection_events: ['Accept', 'Reject'],
      connection_notification_arn: topic,
      id: expect.stringMatching(/^vpce-nfn-0[0-9a-f]{16}$/),
      notification_type: 'Topic',
      region: 'us-west-2',
      state: 'Enabled',
      vpc_endpoint_id: 'vpce-0first',
      vpc_endpoint_service_id: null
    }
  ])
  const changed = {
    connectionEvents: ['Accept', 'Connect', 'Delete', 'Reject'],
    connectionNotificationArn: `${topic}-2`
  }
  await stack.rebuild(withNotifications({ it: { vpcEndpointId: 'vpce-0first', ...changed } }))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['update'])
  expect([...aws.connectionNotifications.values()]).toMatchObject([
    { topicArn: `${topic}-2`, events: ['Accept', 'Connect', 'Delete', 'Reject'] }
  ])
  await stack.rebuild(withNotifications({ it: { vpcEndpointId: 'vpce-0second', ...changed } }))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['delete', 'create'])
  expect((await stack.destroy()).errors).toEqual([])
  expect(aws.connectionNotifications.size).toBe(0)
})

test('AWS refuses notifications that cannot be', async () => {
  const endpoint = { vpcEndpointId: 'vpce-0first' }
  const stack = await openStack(
    { aws: newCloud() },
    withNotifications({
      absent: { vpcEndpointId: 'vpce-0gone' },
      event: { ...endpoint, connectionEvents: ['Accepted'] },
      topic: { ...endpoint, connectionNotificationArn: 'arn:aws:sqs:us-west-2:123456789012:endpoints' }
    })
  )
  const answer = (error: string) =>
    `creating EC2 VPC Endpoint Connection Notification: operation error EC2: CreateVpcEndpointConnectionNotification, https response error StatusCode: 400, RequestID: …, api error ${error}`
  expect(refusals(await stack.apply())).toEqual({
    'aws_vpc_endpoint_connection_notification.absent': answer(
      "InvalidVpcEndpointId.NotFound: The VpcEndpoint Id 'vpce-0gone' does not exist"
    ),
    'aws_vpc_endpoint_connection_notification.event': answer(
      "InvalidParameter: The connection event 'Accepted' is not valid. Valid values: Accept, Connect, Delete, Reject."
    ),
    'aws_vpc_endpoint_connection_notification.topic': answer(
      "InvalidParameter: The connection notification ARN 'arn:aws:sqs:us-west-2:123456789012:endpoints' is not that of an SNS topic."
    )
  })
})

test('a notification is of an endpoint or of a service', async () => {
  const stack = await openStack({ aws: newCloud() }, withNotifications({ it: {} }))
  expect(await stack.validate()).toEqual([
    {
      summary: 'Invalid combination of arguments',
      detail: '"vpc_endpoint_id": one of `vpc_endpoint_id,vpc_endpoint_service_id` must be specified',
      address: 'aws_vpc_endpoint_connection_notification.it'
    }
  ])
})
