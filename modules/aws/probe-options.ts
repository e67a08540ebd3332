import { z } from 'zod'
import { SecurityGroupId } from '../../probe/clouds/aws/identifiers.ts'
import { distinctTexts } from '../distinct.ts'
import { commonProbeOptions } from '../probe-options.ts'
import { PolicyArn, RoleArn, SubnetId } from './identifiers.ts'
import { Source } from './source.ts'

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
] as const

/** A probe on AWS Fargate, as a link's literal describes it. */
export const AwsProbeOptions = z
  .strictObject({
    ...commonProbeOptions,
    scrapeFrom: distinctTexts(Source, 'scrapeFrom')
      .min(1, 'must not be empty. Name where Prometheus connects from.')
      .describe(
        'The sources that may read the metrics, such as Prometheus: address ranges, security groups or prefix lists.'
      ),
    subnetIds: distinctTexts(SubnetId, 'subnetIds')
      .min(1, "must not be empty. Leave the key out for the link's own subnets.")
      .optional()
      .describe('The subnets in which a probe runs. Default: the subnets of the link, one in each availability zone.'),
    clientSecurityGroupIds: distinctTexts(SecurityGroupId, 'clientSecurityGroupIds')
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
      .max(4, 'must be at most 4. Amazon ECS accepts 5 security groups for a task, and one is the own of the probe.')
      .default([])
      .describe(
        'Security groups of the clients to attach to the probe as well, so that the rules for the clients apply to it. Without them, a link with `sources` gets a separate rule that allows the probe.'
      ),
    httpsTo: distinctTexts(Source, 'httpsTo')
      .min(1, "must not be empty. Leave the key out for the VPC's own ranges and Amazon S3.")
      .optional()
      .describe(
        'The destinations for image and logs, on port 443. Default: the ranges of the VPC, which have the interface endpoints of ECR and CloudWatch Logs, and the prefix list of Amazon S3. Use `0.0.0.0/0` if the VPC has a NAT gateway.'
      ),
    executionRoleArn: RoleArn.optional().describe(
      '[A role of yours](../aws/README.md#identity-of-the-probe) that fetches the image and writes the logs. Default: the deploy makes one.'
    ),
    permissionsBoundaryArn: PolicyArn.optional().describe(
      '[The permissions boundary](../aws/README.md#identity-of-the-probe) of the role that the deploy makes. Default: none.'
    ),
    taskRoleArn: RoleArn.optional().describe(
      '[A role of yours](../aws/README.md#identity-of-the-probe) with which a probe with `cloudFacts` reads the configuration. Default: the deploy makes one.'
    ),
    cpuArchitecture: z
      .enum(['X86_64', 'ARM64'])
      .default('X86_64')
      .describe('The processor architecture of the image, as Amazon ECS spells it.'),
    logRetentionDays: z
      .literal(retentions)
      .default(30)
      .describe('Days for which CloudWatch Logs keeps the log of the probe.')
  })
  .describe('The probe, on AWS Fargate.')

export type AwsProbeOptions = z.output<typeof AwsProbeOptions>
