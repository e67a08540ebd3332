/** What the name of a target says: which environment, link and cluster it is of. */
export interface TargetName {
  readonly environment: string
  readonly link: string
  readonly cluster: string
}

/** The name of a target: `<environment>/<link>/<cluster>`. */
export function targetName({ environment, link, cluster }: TargetName): string {
  return `${environment}/${link}/${cluster}`
}

/** Reads the name of a target; undefined if it is of another form. */
export function readTargetName(name: string): TargetName | undefined {
  const [, environment, link, cluster] = /^([^/]+)\/([^/]+)\/([^/]+)$/.exec(name) ?? []
  return environment === undefined || link === undefined || cluster === undefined
    ? undefined
    : { environment, link, cluster }
}
