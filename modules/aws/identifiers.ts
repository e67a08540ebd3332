import { shapedText } from '../shaped-text.ts'

/** The id of an object of Amazon EC2, `<prefix>-` and 17 hexadecimal digits; the oldest have 8. */
function ec2Id(prefix: string, is: string, find: string) {
  return shapedText({
    pattern: new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`),
    is: `${is} such as ${prefix}-0a1b2c3d4e5f60718`,
    find
  })
}

export const VpcId = ec2Id('vpc', 'a VPC id', 'copy it from the column VPC ID of the Amazon VPC console')
export const SubnetId = ec2Id('subnet', 'a subnet id', 'copy it from the column Subnet ID of the Amazon VPC console')
export const SecurityGroupId = ec2Id(
  'sg',
  'a security group id',
  'copy it from the column Security group ID of the Amazon VPC console'
)
export const EndpointId = ec2Id(
  'vpce',
  'an endpoint id',
  'copy it from the column VPC endpoint ID of the Amazon VPC console'
)
