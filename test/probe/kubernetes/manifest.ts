import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { allClouds, type CloudId } from '../../../probe/clouds.ts'

const Labels = z.record(z.string(), z.string())

/** What every object of Kubernetes has. */
export const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), labels: Labels.default({}) })
})
export type Manifest = z.output<typeof Manifest>

/** What kustomizations of this project are made of, and nothing else. */
const Kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  namespace: z.string(),
  resources: z.array(z.string()),
  images: z
    .array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() }))
    .max(1)
    .default([]),
  configMapGenerator: z
    .array(z.strictObject({ name: z.string(), files: z.array(z.string()), literals: z.array(z.string()).default([]) }))
    .default([])
})

/** Where the manifests are that every cluster needs. */
export const folder = 'probe/kubernetes'
/** Where those are that need no deploy, but hosts only. */
export const hostsFolder = `${folder}/hosts`
/** The clouds, each of which has manifests that a person applies. */
export const overlays = allClouds.map(({ id }) => id)
/** Where those of a cloud are, from the root or from a copy of it. */
export const folderOf = (overlay: CloudId, root = '.') => join(root, 'probe/clouds', overlay, 'kubernetes')

/** Reads the objects in a text. */
export function manifestsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map(document => Manifest.parse(document.toJS()))
}

export async function readKustomization(at: string) {
  return Kustomization.parse(parse(await readFile(join(at, 'kustomization.yaml'), 'utf8')))
}

/**
 * What a kustomization comes to, for those who have no kustomize: its resources in its namespace, and its ConfigMaps
 * without a hash. A file that is not there is the text of its own in `given`.
 */
export async function readManifests(
  at: string,
  given: Readonly<Record<string, string>> = {}
): Promise<readonly Manifest[]> {
  const { namespace, resources, configMapGenerator } = await readKustomization(at)
  const read = async (resource: string) => {
    const path = join(at, resource)
    return (await stat(path)).isDirectory() ? readManifests(path) : manifestsIn(await readFile(path, 'utf8'))
  }
  const written = (await Promise.all(resources.map(read))).flat()
  const generated = await Promise.all(
    configMapGenerator.map(async ({ name, files, literals }) => {
      const texts = files.map(
        async file => [basename(file), given[file] ?? (await readFile(join(at, file), 'utf8'))] as const
      )
      const data = { ...Object.fromEntries(await Promise.all(texts)), ...Object.fromEntries(literals.map(pair)) }
      return Manifest.parse({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })
    })
  )
  return [...written, ...generated].map(each => ({
    ...each,
    metadata: each.kind === 'Namespace' ? { ...each.metadata, name: namespace } : { ...each.metadata, namespace }
  }))
}

/** The files of a folder that no kustomization names. */
export async function unnamedFiles(at: string): Promise<readonly string[]> {
  const { resources, configMapGenerator } = await readKustomization(at)
  const named = ['kustomization.yaml', ...resources, ...configMapGenerator.flatMap(({ files }) => files)]
  return (await readdir(at)).filter(file => !named.includes(file))
}

function pair(literal: string): readonly [string, string] {
  const at = literal.indexOf('=')
  return [literal.slice(0, at), literal.slice(at + 1)]
}
