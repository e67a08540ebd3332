import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js'
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js'
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import { artifactRepositoryOf } from './google-image.ts'

export interface ProbeServiceAccountProps {
  readonly project: string
  readonly accountId: string
  readonly image: string
}

/** Whom the probe's VMs act as: it may write logs, and read the image where that is in Artifact Registry. */
export class ProbeServiceAccount extends Construct {
  readonly email: string
  /** What it may do: a VM that starts before has neither image nor logs. */
  readonly grants: readonly ITerraformDependable[]

  constructor(scope: Construct, id: string, { project, accountId, image }: ProbeServiceAccountProps) {
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
    this.grants =
      repository === undefined
        ? [logs]
        : [
            logs,
            new ArtifactRegistryRepositoryIamMember(this, 'image', {
              project: repository.project,
              location: repository.location,
              repository: repository.name,
              role: 'roles/artifactregistry.reader',
              member: account.member
            })
          ]
  }
}
