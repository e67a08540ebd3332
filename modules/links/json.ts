import { commandLine, type PackageCommand } from '../../probe/command/how-started.ts'
import { isReady, privateLinkOf } from '../../probe/zilliz/answers.ts'
import type { Comparison } from './comparison.ts'
import { ownerOf } from './differences.ts'
import { notes } from './print.ts'

/** A comparison for programs: one JSON object. */
export function json(comparison: Comparison): string {
  const { side, projects, zilliz, differences } = comparison
  const all = [...side.links, ...side.others]
  const object = {
    environment: side.environment,
    outputs: side.outputs ?? null,
    verdict: differences.some(({ needsDoing }) => needsDoing) ? 'different' : 'same',
    projects,
    endpoints: zilliz.endpoints.map(endpoint => {
      const owner = ownerOf(endpoint, all)
      return {
        ...endpoint,
        ready: isReady(endpoint),
        deployedBy: owner === undefined ? null : { environment: owner.environment, link: owner.name }
      }
    }),
    clusters: zilliz.clusters.map(cluster => {
      const address = privateLinkOf(cluster)
      return {
        ...cluster,
        privateLink: address === undefined ? null : { host: address.host, port: address.port ?? null }
      }
    }),
    links: side.links.map(({ name, cloud, regionId, projectId, endpoint, connectionStatus, hosts, clusters }) => ({
      name,
      cloud,
      regionId,
      projectId,
      endpoint: endpoint === undefined ? null : { id: endpoint.id, project: endpoint.project ?? null },
      connectionStatus: connectionStatus ?? null,
      hosts: hosts.map(({ cluster, name, port, record }) => ({ cluster, name, port, record: record ?? null })),
      clusters
    })),
    differences: differences.map(({ link, cluster, endpoint, project, remedy, ...words }) => ({
      ...words,
      remedy: withCommandLine(remedy),
      link: link ?? null,
      cluster: cluster ?? null,
      endpoint: endpoint ?? null,
      project: project ?? null
    })),
    notes: notes(comparison).map(withCommandLine)
  }
  // A terminal may obey what is not ASCII.
  return JSON.stringify(object).replace(
    /[^ -~]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

function withCommandLine<Words extends { readonly run?: PackageCommand }>({ run, ...words }: Words) {
  return { ...words, ...(run === undefined ? {} : { run: commandLine(run) }) }
}
