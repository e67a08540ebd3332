import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { readOutputs } from './deployed.ts'
import { build, testWithKustomize as test } from './kustomize.ts'
import { looseEnds } from './loose-ends.ts'
import { folder, folderOf, hostsFolder, type Manifest, overlays, readManifests } from './manifest.ts'
import { containerOf, deploymentOf, theOne } from './pod.ts'
import { refusedByProfile } from './refused-by-profile.ts'
import { refusedBySchema } from './refused-by-schema.ts'

/** A copy of all manifests with what a deploy put out. */
async function copied() {
  const directory = await mkdtemp(join(tmpdir(), 'kustomize-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  for (const each of [folder, ...overlays.map(overlay => folderOf(overlay))]) {
    await cp(each, join(directory, each), { recursive: true })
  }
  const outputs = await readOutputs()
  for (const overlay of overlays) await writeFile(join(folderOf(overlay, directory), 'outputs.json'), outputs)
  return { directory, outputs }
}

const nameOfConfig = (manifests: readonly Manifest[]) => theOne(manifests, 'ConfigMap').metadata.name

test('kustomize, for hosts only, makes what is valid, agrees, and is admitted', async () => {
  const built = await build(hostsFolder)
  expect(await refusedBySchema(built)).toEqual([])
  expect(looseEnds(built)).toEqual([])
  expect(refusedByProfile(deploymentOf(built).spec.template)).toEqual([])
  expect(nameOfConfig(built)).toMatch(/^privatelink-probe-[a-z0-9]{10}$/)
})

describe.for(overlays)('kustomize, for %s', overlay => {
  test('makes what is valid, agrees, and is admitted', async () => {
    const { directory } = await copied()
    const built = await build(folderOf(overlay, directory))
    expect(await refusedBySchema(built)).toEqual([])
    expect(looseEnds(built)).toEqual([])
    expect(refusedByProfile(deploymentOf(built).spec.template)).toEqual([])
  })

  test('makes what the other tests read without it, but for image and hash', async () => {
    const { directory, outputs } = await copied()
    const built = await build(folderOf(overlay, directory))
    const read = await readManifests(folderOf(overlay), { 'outputs.json': outputs })
    const hash = nameOfConfig(built).replace('privatelink-probe', '')
    expect(hash).toMatch(/^-[a-z0-9]{10}$/)
    const without = JSON.stringify(built)
      .replaceAll(`privatelink-probe${hash}`, 'privatelink-probe')
      .replace('registry.example/privatelink-probe:set-me', 'privatelink-probe')
    const byName = (manifests: readonly Manifest[]) =>
      Object.fromEntries(manifests.map(each => [`${each.kind} ${each.metadata.name}`, each]))
    expect(byName(JSON.parse(without))).toEqual(byName(read))
  })

  test('rolls the Deployment when a host, the environment or the config changes', async () => {
    const { directory, outputs } = await copied()
    const at = folderOf(overlay, directory)
    const names = [nameOfConfig(await build(at))]
    await writeFile(join(at, 'outputs.json'), outputs.replace('19531', '19532'))
    names.push(nameOfConfig(await build(at)))
    const kustomization = join(at, 'kustomization.yaml')
    const written = await readFile(kustomization, 'utf8')
    await writeFile(kustomization, written.replace('environment=prod', 'environment=dev'))
    const other = await build(at)
    expect(containerOf(other).env.PROBE_ENVIRONMENT).toBe('dev')
    names.push(nameOfConfig(other))
    await writeFile(join(at, 'probe.yaml'), 'intervalSeconds: 30\n')
    names.push(nameOfConfig(await build(at)))
    expect(new Set(names).size).toBe(4)
  })

  test('refuses to make anything without what a deploy put out', async () => {
    const { directory } = await copied()
    await rm(join(folderOf(overlay, directory), 'outputs.json'))
    await expect(build(folderOf(overlay, directory))).rejects.toThrow('outputs.json')
  })

  test('moves everything to another namespace, and leaves the ServiceMonitor out, as the page says', async () => {
    const { directory } = await copied()
    const kustomization = join(folderOf(overlay, directory), 'kustomization.yaml')
    const page = await readFile(join(folder, 'README.md'), 'utf8')
    const patch = /```yaml no operator\n(.*?)```/s.exec(page)?.[1] ?? ''
    expect(patch).toContain('$patch: delete')
    const written = await readFile(kustomization, 'utf8')
    await writeFile(kustomization, written.replace('namespace: privatelink\n', 'namespace: privatelink-dev\n') + patch)
    const built = await build(folderOf(overlay, directory))
    const places = built.map(({ kind, metadata: { name, namespace } }) => (kind === 'Namespace' ? name : namespace))
    expect(new Set(places)).toEqual(new Set(['privatelink-dev']))
    expect(built.map(({ kind }) => kind)).not.toContain('ServiceMonitor')
  })

  test('runs and expects as many probes as the page says to set, and not as many if only one of the two is set', async () => {
    const { directory } = await copied()
    const at = folderOf(overlay, directory)
    const page = await readFile(join(folder, 'README.md'), 'utf8')
    const block = (words: string) =>
      (new RegExp(`\`\`\`yaml ${words}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '').replaceAll(/^ {3}/gm, '')
    const kustomization = join(at, 'kustomization.yaml')
    await writeFile(kustomization, (await readFile(kustomization, 'utf8')) + block('replicas'))
    expect(looseEnds(await build(at))).toEqual(['the config expects 3 probes, the Deployment runs 2'])
    const config = join(at, 'probe.yaml')
    await writeFile(config, (await readFile(config, 'utf8')).replace('probes: 3\n', block('probes')))
    expect(looseEnds(await build(at))).toEqual([])
  })
})
