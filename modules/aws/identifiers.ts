import { ec2Id } from '../../probe/clouds/aws/identifiers.ts'
import { shapedText } from '../../probe/schema/shaped-text.ts'

/** The id of a subnet. */
export const SubnetId = ec2Id('subnet', 'a subnet id', 'Subnet ID')

/** The id of a managed prefix list. */
export const PrefixListId = ec2Id('pl', 'a prefix list id', 'Prefix list ID')

/** The id of a Route 53 Profile. */
export const ProfileId = shapedText({
  pattern: /^rp-[0-9a-z]{8,32}$/,
  is: 'the id of a Route 53 Profile such as rp-0a1b2c3d4e5f6071',
  find: "Copy it from the profile's page in the Route 53 console."
})

/** The regional DNS name of an interface endpoint; a zonal one has the availability zone in its first label. */
export const EndpointDnsName = shapedText({
  pattern: /^vpce-[0-9a-f]{8,17}-[0-9a-z]+\.vpce-svc-[0-9a-f]{8,17}\.[a-z0-9-]+\.vpce\.amazonaws\.com(?:\.cn)?$/,
  is: 'the regional DNS name of an endpoint such as vpce-0a1b2c3d4e5f60718-ngbqfdnj.vpce-svc-0123456789abcdef0.us-west-2.vpce.amazonaws.com',
  find: 'Copy the first of its DNS names, which has no availability zone, from its page in the Amazon VPC console.'
})

/** The id of an AWS account. */
export const AccountId = shapedText({
  pattern: /^\d{12}$/,
  is: 'an account id of 12 digits such as 123456789012',
  find: "Copy it from the console's account menu, without the hyphens."
})

/** The ARN of an IAM role. */
export const RoleArn = shapedText({
  pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  is: 'the ARN of a role such as arn:aws:iam::123456789012:role/dns',
  find: "Copy it from the role's page in the IAM console."
})

/** The ARN of a managed policy. */
export const PolicyArn = shapedText({
  pattern: /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/,
  is: 'the ARN of a policy such as arn:aws:iam::123456789012:policy/zilliz-privatelink-probe',
  find: "Copy it from the policy's page in the IAM console."
})

/** The ARN of an SNS topic. */
export const TopicArn = shapedText({
  pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  is: 'the ARN of an SNS topic such as arn:aws:sns:us-west-2:123456789012:endpoints',
  find: "Copy it from the topic's page in the Amazon SNS console."
})
