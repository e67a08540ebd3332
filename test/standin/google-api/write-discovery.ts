/**
 * Writes `discovery.json`: what Google's discovery documents say of the methods that are called, from the Go module that carries them.
 * To renew it, set another version and run this file; it needs Go.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const source = 'google.golang.org/api@v0.314.0'

const documents = {
  compute: {
    file: 'compute/v1/compute-api.json',
    methods: [
      'forwardingRules.get',
      'forwardingRules.list',
      'instances.get',
      'instances.aggregatedList',
      'networks.get',
      'networks.getEffectiveFirewalls',
      'regionNetworkFirewallPolicies.getEffectiveFirewalls',
      'routers.aggregatedList',
      'routes.list',
      'subnetworks.aggregatedList'
    ]
  },
  dns: {
    file: 'dns/v1/dns-api.json',
    methods: [
      'managedZones.list',
      'policies.list',
      'resourceRecordSets.list',
      'responsePolicies.list',
      'responsePolicyRules.list'
    ]
  }
}

const Json = z.record(z.string(), z.unknown())
const Method = z.object({
  httpMethod: z.string(),
  flatPath: z.string(),
  parameters: z.record(
    z.string(),
    z.object({
      location: z.string(),
      required: z.boolean().optional(),
      type: z.string(),
      enum: z.array(z.string()).optional(),
      pattern: z.string().optional()
    })
  ),
  response: z.object({ $ref: z.string() }),
  scopes: z.array(z.string())
})
const Document = z.object({
  revision: z.string(),
  rootUrl: z.string(),
  servicePath: z.string(),
  schemas: z.record(z.string(), Json),
  resources: z.record(z.string(), z.object({ methods: z.record(z.string(), z.unknown()).default({}) }))
})

/** A schema without what is for people. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(
    ([key, each]) =>
      !(key === 'description' && typeof each === 'string') &&
      !/^(enum(Deprecated|Descriptions)|annotations|readOnly|id)$/.test(key)
  )
  return Object.fromEntries(
    kept.map(([key, each]) => [
      key,
      key === 'properties'
        ? Object.fromEntries(Object.entries(each as object).map(([name, of]) => [name, bare(of)]))
        : bare(each)
    ])
  )
}

function refsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' && typeof each === 'string' ? [each] : refsIn(each)
  )
}

const { Dir: directory } = z
  .object({ Dir: z.string() })
  .parse(JSON.parse(execFileSync('go', ['mod', 'download', '-json', source], { encoding: 'utf8' })))

const written = Object.fromEntries(
  Object.entries(documents).map(([name, { file, methods }]) => {
    const { revision, rootUrl, servicePath, schemas, resources } = Document.parse(
      JSON.parse(readFileSync(join(directory, file), 'utf8'))
    )
    const called = methods.map(each => {
      const [resource = '', method = ''] = each.split('.')
      return [each, Method.parse(resources[resource]?.methods[method])] as const
    })
    const needed: string[] = []
    const wanted: string[] = called.map(([, { response }]) => response.$ref)
    for (let each = wanted.pop(); each !== undefined; each = wanted.pop()) {
      if (needed.includes(each)) continue
      needed.push(each)
      wanted.push(...refsIn(bare(schemas[each])))
    }
    const kept = needed.toSorted().map(each => [each, bare(schemas[each])])
    return [
      name,
      { revision, rootUrl, servicePath, methods: Object.fromEntries(called), schemas: Object.fromEntries(kept) }
    ]
  })
)
writeFileSync(join(import.meta.dirname, 'discovery.json'), `${JSON.stringify({ source, ...written }, null, 1)}\n`)
