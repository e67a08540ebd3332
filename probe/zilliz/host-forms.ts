import { vendorDomain, zillizDomain } from '../facts/zilliz-domain.ts'

/** A form that a host of Zilliz Cloud has, and what follows from it. */
export interface HostForm {
  /** What the first label names. */
  readonly names: 'cluster' | 'project'
  /** The form for people, before the cloud and region: `<cluster>`. */
  readonly label: string
  /** Matches the first label, in JavaScript and in Terraform (RE2), with no group that captures. */
  readonly labelPattern: string
  /** What follows the cloud and region. */
  readonly domain: string
  /** The port where Zilliz Cloud prints none; undefined if it always prints one, which no one can guess. */
  readonly port: number | undefined
}

/**
 * Every form of a host that a private link can have: the one list to which literals, arguments, targets and the answers of Zilliz
 * Cloud's API are held.
 *
 * A project endpoint is shared by all on-demand clusters of the project in a region. Zilliz Cloud prints it without a port, and its
 * public name is the same: https://docs.zilliz.com/docs/connect-for-on-demand-search
 */
export const hostForms = [
  {
    names: 'cluster',
    label: '<cluster>',
    labelPattern: '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?',
    domain: zillizDomain,
    port: undefined
  },
  {
    names: 'project',
    label: '<project>',
    labelPattern: 'proj-[a-z0-9]{1,58}',
    domain: `api.${vendorDomain}`,
    port: 443
  }
] as const satisfies readonly HostForm[]

/** What names the first label of a host. */
export type NamedByHost = (typeof hostForms)[number]['names']

/** The form of hosts that name a cluster or a project. */
export function formOf(names: NamedByHost): HostForm {
  const form = hostForms.find(form => form.names === names)
  if (form === undefined) throw new Error(`no host names a ${names}`)
  return form
}

/**
 * A form as a regular expression of the whole name, without anchors, that JavaScript and Terraform (RE2) read alike. Its first group
 * is the first label.
 *
 * @param site matches the cloud and region: `aws-us-west-2`
 */
export function patternOf({ labelPattern, domain }: HostForm, site: string): string {
  return `(${labelPattern})[.]${site}[.]${domain.replaceAll('.', '[.]')}`
}

/** A form as people read it. */
export function formWords({ label, domain, port }: HostForm, site = '<cloud>-<region>'): string {
  return `${label}.${site}.${domain}${port === undefined ? ':<port>' : ''}`
}
