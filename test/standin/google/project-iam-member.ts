import { text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import type { Value } from '../value.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { googleAnswer } from './google-error.ts'
import { iamMember } from './iam-policy.ts'
import { nameOf } from './link.ts'

/** Plays google_project_iam_member without conditions. */
export function projectIamMember(cloud: GoogleCloud): Resource {
  return {
    type: 'google_project_iam_member',
    forcesReplacement: ['condition', 'member', 'project', 'role'],
    sameMeaning: { project: isSameProject },
    // The provider keeps one of two wordings of the project.
    legacyTypeSystem: true,

    ...iamMember(cloud, {
      action: 'projects.setIamPolicy',
      locate: state => {
        const project = text(state, 'project')
        return { path: `projects/${nameOf(project)}`, owner: project, description: `project "${project}"` }
      },
      refuse: ({ description }, { role, member }, message) => {
        const request = `Create IAM Members ${role} ${member} for ${description}`
        const doing = `Error applying IAM policy for ${description}: Error setting IAM policy for ${description}`
        const answer = googleAnswer(400, message, 'badRequest')
        // The provider puts the members of one project into one request, and shows which of them failed.
        return new CloudError(`Request \`${request}\` returned error: ${doing}: ${answer}`)
      },
      read: ({ project = null }) => ({ project })
    })
  }
}

function isSameProject(before: Value, after: Value): boolean {
  return typeof before === 'string' && typeof after === 'string' && nameOf(before) === nameOf(after)
}
