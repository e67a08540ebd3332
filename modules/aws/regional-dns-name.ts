import { type Precondition, type TerraformDataSource, TerraformLocal, type TerraformResource } from 'cdktf'
import type { Construct } from 'constructs'
import { address, listOf, stringOf } from '../expression.ts'

/** The name of an endpoint, as records point to it. */
export interface EndpointName {
  /** The one DNS name that answers with the addresses of all zones. */
  readonly dnsName: string
  /** The same with its hosted zone, as a record takes them. */
  readonly dnsTarget: { readonly name: string; readonly hostedZoneId: string }
  /** The preconditions of a record that points to it. They stop the deploy if the name is not known. */
  readonly dnsConditions: readonly Precondition[]
}

/** The regional DNS name of an endpoint that AWS has. */
export function regionalDnsName(scope: Construct, endpoint: TerraformResource | TerraformDataSource): EndpointName {
  // AWS lists the regional name and one for each zone, in any order; a zone's name has the zone between id and service.
  const entries = new TerraformLocal(
    scope,
    'regional-dns-entries',
    listOf(
      `[for entry in ${address(endpoint)}.dns_entry : entry if can(regex("^vpce-[0-9a-f]+-[0-9a-z]+\\\\.vpce-svc-", entry.dns_name))]`
    )
  )
  const local = `local.${entries.friendlyUniqueId}`
  return {
    dnsName: stringOf(`try(one(${local}[*].dns_name), null)`),
    // A destroy evaluates them also where the condition does not hold, so they may not fail, and must be what the provider accepts.
    dnsTarget: {
      name: stringOf(`try(coalesce(one(${local}[*].dns_name)), "not-known.invalid")`),
      hostedZoneId: stringOf(`try(coalesce(one(${local}[*].hosted_zone_id)), "Z00000000")`)
    },
    dnsConditions: [
      {
        condition: `\${length(${local}) == 1}`,
        errorMessage: `${scope.node.path}: \${${address(endpoint)}.id} (\${${address(endpoint)}.state}) must have one regional DNS name, but AWS lists \${length(${address(endpoint)}.dns_entry) == 0 ? "none" : join(", ", ${address(endpoint)}.dns_entry[*].dns_name)}. Deploy again in a minute, and if it stays so look at the endpoint in the Amazon VPC console.`
      }
    ]
  }
}
