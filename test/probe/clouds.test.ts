import { cp, glob, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
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

/** A host as Zilliz Cloud writes it, and the address of a page, are examples and not knowledge of a cloud. */
const example = /https:\/\/docs\.\S+|(?:in01-\S*\.)?[a-z]+-us-west-2(?:\.vectordb\.zillizcloud\.com)?/g

test('nothing in modules/ names a cloud, but its folder, the list, the samples, and what has the name of another thing', async () => {
  // Where Terraform keeps its state, and where images are, is not a link's cloud.
  const others = ['modules/environment/backend.ts', 'modules/foreign-image.ts']
  const own = allClouds.map(({ id }) => `modules/${id}/`)
  const { named, lines } = await namesIn('modules/**/*.ts', [
    'modules/clouds.ts',
    'modules/environments/',
    ...others,
    ...own
  ])
  // The vendor's own name of a field, in what its API answers and its Terraform provider takes.
  expect(
    named.filter(line => names.test(line.replaceAll(/gcpProjectId|gcp_project_id/g, '').replaceAll(example, '')))
  ).toEqual([])
  expect(lines).toBeGreaterThan(3000)
})

test('nothing in dashboards/ names a cloud', async () => {
  const { named, lines } = await namesIn('dashboards/**/*.ts', [])
  expect(named).toEqual([])
  expect(lines).toBeGreaterThan(1500)
})

test('nothing in probe/ names a cloud, but what is in the folder of that cloud and the list of clouds', async () => {
  const own = allClouds.map(({ id }) => `probe/clouds/${id}/`)
  const { named, lines } = await namesIn('probe/**/*.{ts,js}', ['probe/clouds.ts', ...own])
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
      if (names.test(line.replaceAll(example, ''))) named.push(`${file}:${index + 1} ${line.trim()}`)
    }
  }
  return { named, lines }
}

describe('a further cloud', () => {
  test('is a folder and a line in the list: it compiles, is read from a host, and has all remedies', async ({
    onTestFinished
  }) => {
    const copy = await copyWithFurtherCloud()
    onTestFinished(() => rm(copy, { recursive: true }))
    expect(await typeCheck(copy, 'probe')).toBe('')
    const { stdout } = await execa('node', ['--input-type=module', '--eval', readHostAndRemedies], {
      cwd: copy,
      preferLocal: true,
      localDir: root
    })
    expect(JSON.parse(stdout)).toEqual({
      target: {
        cloud: 'far',
        region: 'us-west1',
        name: 'probe/far-us-west1/in01-1-443',
        environment: 'probe',
        host: 'in01-1.far-us-west1.vectordb.zillizcloud.com',
        port: 443
      },
      title: 'Far Cloud',
      without: ['healthy']
    })

    // The compiler names the remedy that is missing.
    const remedies = join(copy, 'probe/clouds/far/remedies.ts')
    const text = await readFile(remedies, 'utf8')
    await writeFile(remedies, text.replace(/ {2}'dns-tcp-blocked': .*\n/, ''))
    const refused = await typeCheck(copy, 'probe/clouds/far')
    expect(refused).toContain('probe/clouds/far/remedies.ts')
    expect(refused).toContain(`Property '"dns-tcp-blocked"' is missing`)
  })
})

/** The probe with a cloud that is like another one, under a name of its own. */
async function copyWithFurtherCloud(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'further-cloud-'))
  for (const each of ['probe', 'package.json', 'tsconfig.json']) {
    await cp(join(root, each), join(copy, each), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  const folder = join(copy, 'probe/clouds/far')
  await cp(join(root, 'probe/clouds/gcp'), folder, { recursive: true })
  for await (const file of glob('*.ts', { cwd: folder })) {
    const text = await readFile(join(folder, file), 'utf8')
    await writeFile(
      join(folder, file),
      text.replaceAll('gcp', 'far').replaceAll('Gcp', 'Far').replaceAll('Google Cloud', 'Far Cloud')
    )
  }
  const list = join(copy, 'probe/clouds.ts')
  const text = await readFile(list, 'utf8')
  await writeFile(
    list,
    `import { far } from './clouds/far/cloud.ts'\n${text.replace('{ aws, gcp }', '{ aws, gcp, far }')}`
  )
  return copy
}

/** What the compiler says of a folder, and of what it imports; nothing, if all is well. */
async function typeCheck(copy: string, folder: string): Promise<string> {
  const project = join(copy, 'tsconfig.checked.json')
  await writeFile(project, JSON.stringify({ extends: './tsconfig.json', include: [folder] }))
  const { stdout } = await execa('tsc', ['--project', project], {
    cwd: copy,
    preferLocal: true,
    localDir: root,
    reject: false
  })
  return stdout
}

const readHostAndRemedies = `
  import { catalogue } from './probe/cases/catalogue.ts'
  import { findings } from './probe/cases/findings.ts'
  import { stepsFor } from './probe/words/remedy.ts'
  import { cloudOf } from './probe/clouds.ts'
  import { WrittenTarget } from './probe/target.ts'
  const target = WrittenTarget.parse('https://in01-1.far-us-west1.vectordb.zillizcloud.com:443')
  const without = [...catalogue, ...findings].filter(entry => stepsFor(entry, target).length === 0)
  console.log(JSON.stringify({ target, title: cloudOf(target.cloud).title, without: without.map(({ id }) => id) }))
`
