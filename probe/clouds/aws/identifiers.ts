import { shown } from '../../schema/mistakes.ts'
import { shapedText } from '../../schema/shaped-text.ts'

/** The id of an object of Amazon EC2: a prefix and 17 hexadecimal digits; the oldest have 8. */
export function ec2Id(prefix: string, is: string, column: string) {
  return shapedText({
    pattern: new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`),
    is: `${is} such as ${prefix}-0a1b2c3d4e5f60718`,
    find: `Copy it from the column ${column} of the Amazon VPC console.`
  })
}

/** The id of a VPC. */
export const VpcId = ec2Id('vpc', 'a VPC id', 'VPC ID')

/** The id of a security group. */
export const SecurityGroupId = ec2Id('sg', 'a security group id', 'Security group ID')

/** The id of an interface endpoint. */
export const EndpointId = ec2Id('vpce', 'an endpoint id', 'VPC endpoint ID')

/** The id of a hosted zone of Route 53, without the path that its command line puts in front. */
export const HostedZoneId = shapedText({
  pattern: /^Z[A-Z0-9]{6,31}$/,
  is: 'a hosted zone id such as Z0123456789ABCDEFGHIJ',
  find: 'Copy it from the column Hosted zone ID of the Route 53 console.',
  slip: given => {
    const id = /^\/hosted_?zone\/(.+)$/.exec(given)?.[1]
    return id === undefined ? undefined : `must be the id alone, got ${shown(given)}. Write ${id}.`
  }
})
