/** A repository of Amazon ECR. */
export interface EcrRepository {
  readonly accountId: string
  readonly region: string
  readonly name: string
  /** Whether its registry is reached over IPv4 and IPv6, which interface endpoints of ECR are not for. */
  readonly isDualStack: boolean
}

/**
 * The forms that the registry of an account has, for IPv4 and for both families, with FIPS and without:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html and https://docs.aws.amazon.com/general/latest/gr/ecr.html
 */
const forms = [
  { isDualStack: false, registry: /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/ },
  { isDualStack: true, registry: /^(\d{12})\.dkr-ecr(?:-fips)?\.([a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn)$/ }
]

/** The repository of Amazon ECR that an image is in, or nothing where it is in another registry. */
export function ecrRepositoryOf(image: string): EcrRepository | undefined {
  const [, host = '', name = ''] = /^([^/]+)\/([^:@]+)/.exec(image) ?? []
  for (const { isDualStack, registry } of forms) {
    const [, accountId, region] = registry.exec(host) ?? []
    if (accountId !== undefined && region !== undefined) return { accountId, region, name, isDualStack }
  }
  return undefined
}
