import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allClouds } from '../../probe/clouds.ts'

const root = join(import.meta.dirname, '../..')

/** The names of what only one of the clouds has: products, commands, hosts and fields of a target. */
const ofOneCloud = [
  ...allClouds.flatMap(({ id, title }) => [id, title]),
  'amazon',
  'ec2',
  'route ?53',
  'awsdns',
  'vpce',
  'hosted ?zone',
  'security ?group',
  'network acl',
  'vpcId',
  'endpointDnsName',
  'google',
  'gcloud',
  'cloud dns',
  'private service connect',
  'managed ?zone',
  'forwarding ?rule',
  'egressFirewall',
  'endpointAddress'
]
const names = new RegExp(`\\b(?:${ofOneCloud.join('|')})`, 'i')

/** What others call their own: fields of the vendor's API and of its Terraform provider, and a kind of policy in Kubernetes. */
const namesOfOthers = /gcpProjectId|gcp_project_id|networkpolic\|egressfirewall/g

/** A host as Zilliz Cloud writes it, and the address of a page, are examples and not knowledge of a cloud. */
const example = /https:\/\/docs\.\S+|(?:in01-\S*\.)?[a-z]+-us-west-2(?:\.vectordb\.zillizcloud\.com)?/g

test('nothing in modules/ names a cloud, but its folder, the list, the samples, and what has the name of another thing', async () => {
  // Where Terraform keeps its state, and where images are, is not a link's cloud.
  const others = ['modules/environment/backend.ts', 'modules/foreign-image.ts']
  const own = allClouds.map(({ id }) => `modules/${id}/`)
  const { named, lines } = await namesIn('modules/**/*.{ts,json,yaml}', [
    'modules/clouds.ts',
    'modules/starters.ts',
    'modules/environments/',
    ...others,
    ...own
  ])
  expect(named).toEqual([])
  expect(lines).toBeGreaterThan(3000)
})

test('nothing in dashboards/ names a cloud, but the rules for a Prometheus that a cloud runs', async () => {
  const { named, lines } = await namesIn('dashboards/**/*.ts', ['dashboards/managed-prometheus.ts'])
  expect(named).toEqual([])
  expect(lines).toBeGreaterThan(1500)
})

test('nothing in probe/ names a cloud, but what is in the folder of that cloud, the list of clouds, and what has the name of another thing', async () => {
  // Who runs the cluster and its Prometheus is not a link's cloud.
  const others = ['probe/kubernetes/managed-prometheus/', 'probe/kubernetes/chart/']
  const own = allClouds.map(({ id }) => `probe/clouds/${id}/`)
  const { named, lines } = await namesIn('probe/**/*.{ts,js,css,json,yaml}', [
    'probe/clouds.ts',
    // Generated.
    'probe/config.schema.json',
    'probe/openapi.json',
    ...others,
    ...own
  ])
  expect(named).toEqual([])
  expect(lines).toBeGreaterThan(10_000)
})

/**
 * The lines that name a cloud.
 *
 * @param but files, or folders with a slash at the end, that may name one
 */
async function namesIn(files: string, but: readonly string[]) {
  const named: string[] = []
  let lines = 0
  for await (const file of glob(files, { cwd: root })) {
    if (but.some(each => file.startsWith(each))) continue
    const text = await readFile(join(root, file), 'utf8')
    for (const [index, line] of text.split('\n').entries()) {
      lines += 1
      if (names.test(line.replaceAll(namesOfOthers, '').replaceAll(example, '')))
        named.push(`${file}:${index + 1} ${line.trim()}`)
    }
  }
  return { named, lines }
}
