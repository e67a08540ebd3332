import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js'
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition/index.js'
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js'
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js'
import { Annotations, Fn, TerraformLocal } from 'cdktf'
import { Construct } from 'constructs'
import { clouds } from '../../probe/clouds.ts'
import type { ProbeConfig } from '../../probe/target.ts'
import { addCheck, address, stringOf } from '../expression.ts'
import { tellWhoGrants } from '../foreign-image.ts'
import { ecrRepositoryOf } from './ecr-image.ts'

export interface ProbeTaskProps {
  /** The family of the task's definitions. */
  readonly name: string
  readonly environment: string
  /** The link's name. */
  readonly link: string
  readonly region: string
  readonly image: string
  /**
   * The role that fetches the image and writes the logs.
   *
   * @default - one is made
   */
  readonly executionRoleArn?: string | undefined
  /**
   * What the role that is made may do at most.
   *
   * @default - what it is granted
   */
  readonly permissionsBoundaryArn?: string | undefined
  /** Whether it reads the configuration of the cloud. */
  readonly cloudFacts?: boolean
  /**
   * The role that reads it.
   *
   * @default - one is made, if it does
   */
  readonly taskRoleArn?: string | undefined
  readonly port: number
  /** What the names end in under which its tasks are found. */
  readonly domain: string
  /** Whether image and logs are reached elsewhere than by interface endpoints in the VPC. */
  readonly isByNat: boolean
  readonly cpuArchitecture: 'X86_64' | 'ARM64'
  readonly logRetentionDays: number
  readonly config: ProbeConfig
}

/** The maximum size of the config in a task definition, in bytes; the other fields need the rest: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const longestConfig = 60_000

/**
 * What runs: the probe's container, the role that fetches its image and writes its logs, and where those go. The probe itself
 * has a role only if it asks AWS for its configuration.
 */
export class ProbeTask extends Construct {
  readonly taskDefinitionArn: string

  constructor(scope: Construct, id: string, props: ProbeTaskProps) {
    super(scope, id)
    const { name, region, image, port } = props
    const path = `/zilliz-privatelink/${props.environment}/${props.link}/`

    const logs = new CloudwatchLogGroup(this, 'logs', {
      region,
      name: `${path}probe`,
      retentionInDays: props.logRetentionDays,
      tags: { Name: name }
    })
    const role =
      props.executionRoleArn === undefined
        ? this.addRole(props, path, logs)
        : { arn: props.executionRoleArn, dependsOn: [] }
    const own = props.cloudFacts === true ? (props.taskRoleArn ?? this.addTaskRole(props, path, logs)) : undefined
    const config = new TerraformLocal(this, 'config', Fn.jsonencode(props.config))
    const length = `length(jsonencode(local.${config.friendlyUniqueId}))`
    const definition = new EcsTaskDefinition(this, 'Resource', {
      region,
      family: name,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      // The least that Fargate has, and more than the probe takes for as many hosts as a task can be told of.
      cpu: '256',
      memory: '512',
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: props.cpuArchitecture },
      executionRoleArn: role.arn,
      ...(own === undefined ? {} : { taskRoleArn: own }),
      containerDefinitions: Fn.jsonencode([
        {
          name: 'probe',
          image,
          essential: true,
          user: '1000:1000',
          readonlyRootFilesystem: true,
          linuxParameters: { capabilities: { drop: ['ALL'] } },
          portMappings: [{ containerPort: port, hostPort: port, protocol: 'tcp' }],
          environment: [
            { name: 'PROBE_CONFIG', value: config.asString },
            { name: 'PROBE_HOST', value: '::' },
            { name: 'PROBE_NAMES', value: `*.${props.domain}` },
            { name: 'PROBE_PORT', value: String(port) }
          ],
          // ECS does not look at the image's own.
          healthCheck: {
            command: ['CMD', 'node', 'probe/health-check.ts'],
            interval: 30,
            timeout: 5,
            retries: 3,
            startPeriod: 30
          },
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': logs.name, 'awslogs-region': region, 'awslogs-stream-prefix': 'probe' }
          }
        }
      ]),
      tags: { Name: name },
      // A task that starts before its role may write logs does not start.
      dependsOn: [...role.dependsOn],
      lifecycle: {
        precondition: [
          {
            condition: `\${${length} <= ${longestConfig}}`,
            errorMessage: `${this.node.path}: Amazon ECS takes 64 KiB for a task, and the probe's config is \${${length}} characters of JSON. Put some of the clusters on a link of another environment, whose probe then watches them.`
          }
        ]
      }
    })
    this.taskDefinitionArn = definition.arn
    this.tellOfImage(props, logs, role.arn)
  }

  private addRole(props: ProbeTaskProps, path: string, logs: CloudwatchLogGroup) {
    const role = this.addTaskAssumedRole('role', props, {
      path,
      logs,
      description: 'Fetches the image of the probe and writes its logs'
    })
    const permissions = new IamRolePolicy(this, 'permissions', {
      role: role.id,
      namePrefix: 'image-and-logs-',
      policy: Fn.jsonencode({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: `${logs.arn}:*`
          },
          ...readImage(props.image, stringOf(`split(":", ${address(logs)}.arn)[1]`))
        ]
      })
    })
    return { arn: role.arn, dependsOn: [permissions] }
  }

  /** What reads the configuration of AWS. None of these actions changes anything, and most cannot be narrowed to a resource. */
  private addTaskRole(props: ProbeTaskProps, path: string, logs: CloudwatchLogGroup): string {
    const role = this.addTaskAssumedRole('task-role', props, {
      path,
      logs,
      description: 'Lets the probe read the configuration that can stop private links'
    })
    new IamRolePolicy(this, 'task-permissions', {
      role: role.id,
      namePrefix: 'cloud-facts-',
      policy: Fn.jsonencode({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: [...clouds.aws.configuration.actions], Resource: '*' }]
      })
    })
    return role.arn
  }

  private addTaskAssumedRole(
    id: string,
    { name, permissionsBoundaryArn }: ProbeTaskProps,
    {
      path,
      logs,
      description
    }: { readonly path: string; readonly logs: CloudwatchLogGroup; readonly description: string }
  ): IamRole {
    return new IamRole(this, id, {
      namePrefix: 'probe-',
      path,
      ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
      description,
      assumeRolePolicy: Fn.jsonencode({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            // Not for tasks of another account: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
            Condition: { StringEquals: { 'aws:SourceAccount': stringOf(`split(":", ${address(logs)}.arn)[4]`) } }
          }
        ]
      }),
      tags: { Name: name }
    })
  }

  private tellOfImage({ image, isByNat, link }: ProbeTaskProps, logs: CloudwatchLogGroup, roleArn: string): void {
    const repository = ecrRepositoryOf(image)
    if (repository === undefined) {
      tellWhoGrants(this, image)
      return
    }
    const { accountId, name, isDualStack } = repository
    if (isDualStack && !isByNat) {
      Annotations.of(this).addWarning(
        `${image} is in a dual-stack registry, which the interface endpoints of Amazon ECR do not reach. Write ${accountId}.dkr.ecr.${repository.region}.amazonaws.com, or give httpsTo for a way out by NAT.`
      )
    }
    addCheck(
      this,
      `${link}-probe-image`,
      `split(":", ${address(logs)}.arn)[4] == "${accountId}"`,
      `${this.node.path}: the image is in account ${accountId}, which must let the probe read it. Let the policy of its repository ${name} allow ecr:BatchCheckLayerAvailability, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer for ${roleArn}.`
    )
  }
}

/** What it takes to read an image from Amazon ECR, and nothing for one of another registry. */
function readImage(image: string, partition: string): readonly object[] {
  const repository = ecrRepositoryOf(image)
  if (repository === undefined) return []
  const { accountId, region, name } = repository
  return [
    // It has no resource to be narrowed to.
    { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`
    }
  ]
}
