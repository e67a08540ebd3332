import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js'
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js'
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'

export interface ProbeServiceAccountProps {
  readonly project: string
  readonly accountId: string
  readonly image: string
}

/** A repository of Artifact Registry in an image: location, project, name. */
const artifactImage = /^([a-z0-9-]+)-docker\.pkg\.dev\/([a-z0-9-]+)\/([a-z0-9-]+)\//

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
    const [, location, owner, repository] = artifactImage.exec(image) ?? []
    this.grants =
      location === undefined || owner === undefined || repository === undefined
        ? [logs]
        : [
            logs,
            new ArtifactRegistryRepositoryIamMember(this, 'image', {
              project: owner,
              location,
              repository,
              role: 'roles/artifactregistry.reader',
              member: account.member
            })
          ]
  }
}
