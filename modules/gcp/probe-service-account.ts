import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js'
import { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role/index.js'
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js'
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import { clouds } from '../../probe/clouds.ts'
import { artifactRepositoryOf } from './google-image.ts'

export interface ProbeServiceAccountProps {
  readonly project: string
  readonly accountId: string
  readonly image: string
  /**
   * The id of a role with which it reads the configuration.
   *
   * @default - it reads none
   */
  readonly cloudFactsRoleId?: string | undefined
}

/** The service account of the probe's VMs. It may write logs, and read the image if that is in Artifact Registry. On request, it may read the configuration. */
export class ProbeServiceAccount extends Construct {
  readonly email: string
  /** What it may do: a VM that starts before has neither image nor logs. */
  readonly grants: readonly ITerraformDependable[]

  constructor(scope: Construct, id: string, { project, accountId, image, cloudFactsRoleId }: ProbeServiceAccountProps) {
    super(scope, id)

    const account = new ServiceAccount(this, 'Resource', {
      project,
      accountId,
      displayName: 'Probe of the private link to Zilliz Cloud'
    })
    this.email = account.email
    const logs = new ProjectIamMember(this, 'logs', {
      project,
      role: 'roles/logging.logWriter',
      member: account.member
    })
    const repository = artifactRepositoryOf(image)
    const facts = cloudFactsRoleId === undefined ? [] : [this.addCloudFacts(project, cloudFactsRoleId, account.member)]
    this.grants =
      repository === undefined
        ? [logs, ...facts]
        : [
            logs,
            ...facts,
            new ArtifactRegistryRepositoryIamMember(this, 'image', {
              project: repository.project,
              location: repository.location,
              repository: repository.name,
              role: 'roles/artifactregistry.reader',
              member: account.member
            })
          ]
  }
  /** A role of its own, because each of Google's has more. */
  private addCloudFacts(project: string, roleId: string, member: string): ProjectIamMember {
    const role = new ProjectIamCustomRole(this, 'cloud-facts-role', {
      project,
      roleId,
      title: 'Probe of the private link to Zilliz Cloud, cloud facts',
      description: 'Reads the configuration that can stop private links to Zilliz Cloud',
      permissions: [...clouds.gcp.configuration.actions]
    })
    return new ProjectIamMember(this, 'cloud-facts', { project, role: role.name, member })
  }
}
