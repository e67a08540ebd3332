import { styleText } from 'node:util'
import { commandLine, type PackageCommand } from '../../probe/command/how-started.ts'
import { wrapped } from '../../probe/words/columns.ts'
import { type Cluster, privateLinkOf } from '../../probe/zilliz/answers.ts'
import type { RegisteredEndpoint } from './at-zilliz.ts'
import type { Comparison } from './comparison.ts'
import type { DeployedLink } from './deployed-link.ts'
import { clusterOf, ownerOf } from './differences.ts'
import {
  addressWords,
  type Difference,
  deployWithOutputs,
  endpointWords,
  mostEndpoints,
  planWords,
  registeredWords,
  valueWords
} from './kinds.ts'
import { type RowMark, type TableRow, table } from './table.ts'

/** Of prose in a line. */
const columns = 110

const bold = (text: string) => styleText('bold', text)
const faint = (text: string) => styleText('dim', text)

/** A comparison as a person reads it: both sides as tables, then where they differ and what to do. */
export function printed(comparison: Comparison): string {
  const { side, projects, differences } = comparison
  return [
    bold(`${side.environment} and Zilliz Cloud`),
    ...notes(comparison).flatMap(({ say, run }) => [
      ...wrapped(say, columns).map(faint),
      ...(run === undefined ? [] : [command(run)])
    ]),
    ...projects.flatMap(projectId => ofProject(projectId, comparison)),
    ...elsewhere(comparison),
    '',
    bold(`Deployed by ${side.environment}`),
    ...table(
      ['LINK', 'ENDPOINT', 'CONNECTION', 'HOST', 'RECORD'],
      side.links.flatMap(link => ofLink(link, comparison))
    ),
    '',
    ...(differences.length === 0
      ? [
          `${styleText('green', '✔')} ${bold(side.outputs === undefined ? 'No difference, as far as the program tells' : 'No difference')}`
        ]
      : [bold('Differences'), ...differences.flatMap(ofDifference)])
  ].join('\n')
}

/** What could not be seen, and the command that lets it be seen. */
export interface Note {
  readonly say: string
  readonly run?: PackageCommand
}

export function notes({ side, zilliz }: Comparison): readonly Note[] {
  return [
    ...(side.outputs === undefined
      ? [
          {
            say: 'Read off the program alone, which does not know the ids that the clouds gave. Add --outputs outputs.json, a file that is written by',
            run: deployWithOutputs(side.environment)
          }
        ]
      : []),
    ...zilliz.unread.map(({ projectId, why }) => ({ say: `Not looked into ${valueWords(projectId)}: ${why}` }))
  ]
}

function ofProject(projectId: string, { side, zilliz, differences }: Comparison): readonly string[] {
  const endpoints = zilliz.endpoints.filter(endpoint => endpoint.projectId === projectId)
  const clusters = zilliz.clusters.filter(cluster => cluster.projectId === projectId)
  const all = [...side.links, ...side.others]
  return [
    '',
    bold(`Endpoints registered with ${valueWords(projectId)}, ${endpoints.length} of ${mostEndpoints}`),
    ...table(
      ['ENDPOINT', 'REGION', 'STATUS', 'SERVICE STATUS', 'DEPLOYED BY'],
      endpoints.map(endpoint => endpointRow(endpoint, all, side.environment, differences))
    ),
    '',
    bold(`Clusters of ${valueWords(projectId)}`),
    ...clusterTable(clusters, side.links, differences)
  ]
}

/** What the environment's links have to do with in other projects. */
function elsewhere({ side, projects, zilliz, differences }: Comparison): readonly string[] {
  const all = [...side.links, ...side.others]
  const endpoints = zilliz.endpoints
    .filter(({ projectId }) => !projects.includes(projectId))
    .filter(endpoint => ownerOf(endpoint, all)?.environment === side.environment)
  const clusters = zilliz.clusters
    .filter(({ projectId }) => !projects.includes(projectId))
    .filter(cluster => linkOf(cluster, side.links, zilliz.clusters) !== undefined)
  return [
    ...(endpoints.length === 0
      ? []
      : [
          '',
          bold('Endpoints registered with other projects'),
          ...table(
            ['ENDPOINT', 'REGION', 'STATUS', 'SERVICE STATUS', 'DEPLOYED BY', 'PROJECT'],
            endpoints.map(endpoint => {
              const { mark, cells } = endpointRow(endpoint, all, side.environment, differences)
              return { mark, cells: [...cells, valueWords(endpoint.projectId)] }
            })
          )
        ]),
    ...(clusters.length === 0
      ? []
      : ['', bold('Clusters of other projects'), ...clusterTable(clusters, side.links, differences)])
  ]
}

function endpointRow(
  endpoint: RegisteredEndpoint,
  links: readonly DeployedLink[],
  environment: string,
  differences: readonly Difference[]
): TableRow {
  const owner = ownerOf(endpoint, links)
  const isWrong = differences.some(
    ({ needsDoing, endpoint: id, link }) => needsDoing && id === endpoint.endpointId && link === owner?.name
  )
  const mark = owner?.environment !== environment ? 'other' : isWrong ? 'wrong' : 'right'
  const { regionId, endpointStatus, endpointServiceStatus } = endpoint
  return {
    mark,
    cells: [
      registeredWords(endpoint),
      valueWords(regionId),
      valueWords(endpointStatus),
      valueWords(endpointServiceStatus),
      owner === undefined ? 'not known' : `${owner.environment}/${owner.name}`
    ]
  }
}

function clusterTable(
  clusters: readonly Cluster[],
  links: readonly DeployedLink[],
  differences: readonly Difference[]
): readonly string[] {
  return table(
    ['CLUSTER', 'NAME', 'REGION', 'PLAN', 'STATUS', 'PRIVATE LINK'],
    clusters.map(cluster => {
      const address = privateLinkOf(cluster)
      return {
        mark: markOf(cluster, links, clusters, differences),
        cells: [
          valueWords(cluster.clusterId),
          valueWords(cluster.clusterName),
          valueWords(cluster.regionId),
          planWords(cluster),
          valueWords(cluster.status),
          address === undefined ? '—' : addressWords(address)
        ]
      }
    })
  )
}

function markOf(
  cluster: Cluster,
  links: readonly DeployedLink[],
  clusters: readonly Cluster[],
  differences: readonly Difference[]
): RowMark {
  if (differences.some(({ needsDoing, cluster: id }) => needsDoing && id === cluster.clusterId)) return 'wrong'
  return linkOf(cluster, links, clusters) === undefined ? 'other' : 'right'
}

function linkOf(
  cluster: Cluster,
  links: readonly DeployedLink[],
  clusters: readonly Cluster[]
): DeployedLink | undefined {
  return links.find(
    link => link.clusters.includes(cluster.clusterId) || link.hosts.some(host => clusterOf(host, clusters) === cluster)
  )
}

function ofLink(link: DeployedLink, { side, zilliz, differences }: Comparison): readonly TableRow[] {
  const wrong = differences.filter(({ needsDoing, link: name }) => needsDoing && name === link.name)
  const endpoint = link.endpoint === undefined ? 'not known' : endpointWords(link.endpoint)
  const connection = link.connectionStatus ?? (side.outputs === undefined ? 'not known' : '—')
  const hosts = link.hosts.map(host => {
    const ids = [host.cluster, clusterOf(host, zilliz.clusters)?.clusterId]
    return {
      isWrong: wrong.some(({ cluster }) => cluster !== undefined && ids.includes(cluster)),
      cells: [`${host.name}:${host.port}`, recordWords(host.record, side.outputs)]
    }
  })
  const isWrong = wrong.some(({ cluster }) => cluster === undefined)
  return (hosts.length === 0 ? [{ isWrong: false, cells: ['—', '—'] }] : hosts).map((host, index) => ({
    mark: isWrong || host.isWrong ? 'wrong' : 'right',
    cells: [...(index === 0 ? [link.name, endpoint, valueWords(connection)] : ['', '', '']), ...host.cells]
  }))
}

function recordWords(record: DeployedLink['hosts'][number]['record'], outputs: string | undefined): string {
  if (outputs === undefined) return 'not known'
  return record === undefined ? 'none of ours' : `${valueWords(record.type)} in ${valueWords(record.zone)}`
}

function ofDifference({ kind, needsDoing, what, remedy, link }: Difference): readonly string[] {
  const sign = needsDoing ? styleText('red', '✘') : styleText('cyan', 'i')
  const [first = '', ...more] = wrapped(`${link === undefined ? '' : `${link}: `}${what} (${kind})`, columns)
  return [
    `  ${sign} ${first}`,
    ...more.map(line => `    ${line}`),
    ...wrapped(remedy.do, columns).map((line, index) => `    ${index === 0 ? '→' : ' '} ${line}`),
    ...(remedy.run === undefined ? [] : [`    ${command(remedy.run)}`])
  ]
}

const command = (run: PackageCommand) => `  ${styleText('cyan', commandLine(run))}`
