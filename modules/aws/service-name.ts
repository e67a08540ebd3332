import { shapedText } from '../../probe/schema/shaped-text.ts'

/**
 * The form of an endpoint service's name: the one that literals, and what the API of Zilliz Cloud answers, are held to.
 *
 * @param region matches the region
 * @returns a regular expression of the whole name, without anchors, that JavaScript and Terraform (RE2) read alike
 */
export function serviceNameForm(region: string): string {
  return `com[.]amazonaws[.]vpce[.]${region}[.]vpce-svc-[0-9a-f]{17}`
}

const anyRegion = '([a-z]{2}(?:-[a-z]+)+-[0-9]+)'

/** The name of an endpoint service, as AWS writes it. */
export const ServiceName = shapedText({
  pattern: new RegExp(`^${serviceNameForm(anyRegion)}$`),
  is: 'an endpoint service name such as com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
  find: 'Copy it from the Add Private Link dialog of Zilliz Cloud.'
})

/** The region in the name of an endpoint service. */
export function regionOfService(serviceName: unknown): string | undefined {
  const { data } = ServiceName.safeParse(serviceName)
  return data === undefined ? undefined : new RegExp(serviceNameForm(anyRegion)).exec(data)?.[1]
}
