import { optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import type { Attributes } from '../value.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { googleError } from './google-error.ts'
import { iamMember } from './iam-policy.ts'
import { isSameLink } from './link.ts'
import { regionOf } from './place.ts'

/** Plays google_artifact_registry_repository_iam_member without conditions. */
export function repositoryIamMember(cloud: GoogleCloud): Resource {
  return {
    type: 'google_artifact_registry_repository_iam_member',
    forcesReplacement: ['condition', 'location', 'member', 'project', 'repository', 'role'],
    sameMeaning: { repository: isSameLink },
    // The provider keeps the path of the repository where the configuration may have its name.
    legacyTypeSystem: true,

    ...iamMember(cloud, {
      action: 'repositories.setIamPolicy',
      locate: (state, settings) => {
        const path = repositoryOf(state, settings).join('/')
        return { path, owner: path, description: `artifactregistry repository "${path}"` }
      },
      require: ({ path, description }) => {
        if (cloud.repositories?.has(path) !== false) return
        throw googleError(`Error retrieving IAM policy for ${description}`, 404, 'Requested entity was not found.')
      },
      refuse: ({ description }, _grant, message) => {
        const doing = `Error applying IAM policy for ${description}: Error setting IAM policy for ${description}`
        return googleError(doing, 400, message)
      },
      read: (state, settings) => {
        const [, project = '', , location = ''] = repositoryOf(state, settings)
        return { location, project, repository: repositoryOf(state, settings).join('/') }
      }
    })
  }
}

/** The parts of a repository's path; a path in the configuration wins over the project and the location beside it. */
function repositoryOf(state: Attributes, settings: Attributes): string[] {
  const repository = text(state, 'repository')
  if (/^projects\/[^/]+\/locations\/[^/]+\/repositories\/[^/]+$/.test(repository)) return repository.split('/')
  const zone = optionalText(settings, 'zone')
  const around = optionalText(settings, 'region') ?? (zone && regionOf(zone))
  const location = optionalText(state, 'location') ?? around
  if (location === undefined)
    throw new CloudError('Cannot determine location: set in this resource, or set provider-level zone or region.')
  return ['projects', text(state, 'project'), 'locations', location, 'repositories', repository]
}
