/** A repository of Artifact Registry. */
export interface ArtifactRepository {
  readonly project: string
  readonly location: string
  readonly name: string
}

/**
 * The repositories that answer by the names of Container Registry, which are in a location each:
 * https://cloud.google.com/artifact-registry/docs/transition/setup-gcr-repo
 */
const locations: Readonly<Record<string, string>> = {
  'gcr.io': 'us',
  'us.gcr.io': 'us',
  'eu.gcr.io': 'europe',
  'asia.gcr.io': 'asia'
}

/**
 * The repository of Artifact Registry that an image is in, or nothing where it is in another registry. The project of a legacy
 * organization has its domain in front: `example.com/my-project` in an image, `example.com:my-project` elsewhere.
 */
export function artifactRepositoryOf(image: string): ArtifactRepository | undefined {
  const [host = '', ...path] = (/^[^:@]+/.exec(image)?.[0] ?? '').split('/')
  const domain = path[0]?.includes('.') ? `${path.shift()}:` : ''
  const [project, repository] = path
  if (project === undefined || repository === undefined) return undefined
  const [, location] = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(host) ?? []
  if (location !== undefined) return { project: `${domain}${project}`, location, name: repository }
  const ofHost = Object.hasOwn(locations, host) ? locations[host] : undefined
  return ofHost === undefined ? undefined : { project: `${domain}${project}`, location: ofHost, name: host }
}
