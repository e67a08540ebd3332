/** What the name of a target says: which environment, link and cluster it is of. */
export interface TargetName {
  readonly environment: string
  readonly link: string
  readonly cluster: string
}

/** The form of a target's name, for people. */
export const targetNameForm = '<environment>/<link>/<cluster>'

/** Matches the name of a target. */
export const targetNamePattern = /^[a-z0-9-]{1,100}\/[a-z0-9-]{1,100}\/[a-z0-9-]{1,100}$/

/** Matches the name of a target in a query of Prometheus (RE2); its group is the link. */
export const linkInTargetName = '[^/]+/([^/]+)/.+'

/** The name of a target. */
export function targetName({ environment, link, cluster }: TargetName): string {
  return `${environment}/${link}/${cluster}`
}

/** Reads the name of a target; `undefined` if it is of another form. */
export function readTargetName(name: string): TargetName | undefined {
  if (!targetNamePattern.test(name)) return undefined
  const [environment = '', link = '', cluster = ''] = name.split('/')
  return { environment, link, cluster }
}
