import { AwsRegion } from '../../probe/clouds/aws/region.ts'
import { hoursOfMonth, type StarterCloud } from '../starter.ts'
import { AwsLinkOptions } from './link.ts'

/** AWS, in a new project. */
export const aws: StarterCloud = {
  link: AwsLinkOptions,
  bindings: '@cdktf/provider-aws',
  questions: [
    { option: 'region', title: 'Region of the VPC', example: 'us-west-2' },
    { option: 'vpcId', title: 'VPC whose clients connect', example: 'vpc-0a1b2c3d4e5f60718' },
    {
      option: 'subnetIds',
      title: 'Subnets of the endpoint, one for each availability zone',
      example: 'subnet-0a1b2c3d4e5f6071a',
      isList: true
    },
    { option: 'zoneId', title: 'Existing private hosted zone', example: 'Z0123456789ABCDEFGHIJ', onlyWith: 'existing' }
  ],
  service: {
    option: 'serviceName',
    title: 'Endpoint service that the Add Private Link dialog of Zilliz Cloud names',
    example: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0'
  },
  backend: (bucket, { region }) => ({ type: 's3', bucket, region: String(region) }),
  action: {
    action: 'aws-actions/configure-aws-credentials',
    commit: 'e6de054238d6b7531b4efff3b6587d9aade6a06c',
    version: 'v6.2.3'
  },
  login: ({ region }, purpose) => ({
    'role-to-assume': `\${{ vars.AWS_${purpose.toUpperCase()}_ROLE }}`,
    'aws-region': AwsRegion.safeParse(region).data ?? '${{ vars.AWS_REGION }}'
  }),
  // The hour is of May 2026, by AWS's own price list; the gigabyte and the zone are of September 2026, by the pages below.
  cost: ({ subnetIds }, zones) => {
    const subnets = Array.isArray(subnetIds) ? subnetIds.length : 1
    return {
      items: [
        { what: `interface endpoint, ${hoursOfMonth} hours in each subnet`, count: subnets * hoursOfMonth, usd: 0.01 },
        { what: 'private hosted zone', count: zones, usd: 0.5 }
      ],
      usdPerGigabyte: 0.01,
      region: 'us-east-1',
      asOf: 'May 2026',
      pages: ['https://aws.amazon.com/privatelink/pricing/', 'https://aws.amazon.com/route53/pricing/']
    }
  }
}
