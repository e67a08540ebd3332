import { allClouds, type CloudId } from '../../../probe/clouds.ts'
import { wording } from '../../../probe/schema/mistakes.ts'
import { EnvironmentName } from '../../../probe/schema/names.ts'
import { Backend } from '../../environment/backend.ts'
import type { WrittenLink } from '../../starter.ts'
import { clouds } from '../../starters.ts'
import { commonQuestions, flagOf, type GivenValues, zillizProjectFlag } from './given.ts'

/** What one environment of a new project is made of. */
export interface EnvironmentAnswers {
  readonly cloud: CloudId
  readonly name: string
  readonly given: GivenValues
  readonly zillizProject: string | undefined
}

/** An environment as it is written into a new project. */
export interface WrittenEnvironment {
  readonly cloud: CloudId
  readonly name: string
  readonly backend: Readonly<Record<string, string>>
  readonly link: WrittenLink
}

/** Something wrong with what the user gave. */
export interface GivenMistake {
  /** The option of the link, or none if it is another part of the environment. */
  readonly option: string | undefined
  readonly line: string
}

/** The environment, with a placeholder for each option of the link that was not given and has no default. */
export function writtenEnvironment({ cloud, name, given, zillizProject }: EnvironmentAnswers): WrittenEnvironment {
  const starter = clouds[cloud]
  const zone = given.zone ?? commonQuestions.zone.initial
  const values = starter.questions.flatMap(question => {
    const { option, initial } = question
    if (given[option] === undefined && question.onlyWith !== undefined && question.onlyWith !== zone) return []
    return [[option, given[option] ?? initial ?? placeholder(question.option, question.isList)] as const]
  })
  const link = {
    cloud,
    ...Object.fromEntries(values),
    zone,
    ...registration(starter.service.option, given, zillizProject),
    ...(given.hosts === undefined ? {} : { hosts: given.hosts })
  }
  const bucket = given.stateBucket
  return {
    cloud,
    name,
    backend: typeof bucket === 'string' ? starter.backend(bucket, link) : { type: 'local' },
    link
  }
}

/** By API key if there is a project or a cluster, else by hand. */
function registration(service: string, given: GivenValues, zillizProject: string | undefined): WrittenLink {
  const { clusters } = given
  const isByApi = zillizProject !== undefined || clusters !== undefined
  const written = given[service]
  if (!isByApi) return { [service]: written ?? placeholder(service) }
  const projectId = zillizProject ?? placeholder('projectId')
  return {
    zilliz: { projectId, ...(clusters === undefined ? {} : { clusters }) },
    // The schema reports that both are given.
    ...(written === undefined ? {} : { [service]: written })
  }
}

function placeholder(option: string, isList?: boolean): string | readonly string[] {
  const text = `<${option.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}>`
  return isList === true ? [text] : text
}

/** Whether an option is a placeholder. */
export function isPlaceholder(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isPlaceholder) : typeof value === 'string' && /^<[a-z-]+>$/.test(value)
}

/** Whether any part of a link is a placeholder. */
export function hasPlaceholder(value: unknown): boolean {
  if (isPlaceholder(value)) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(hasPlaceholder)
}

/** What is wrong with an environment by the schemas of environments, apart from its placeholders. */
export function mistakesOf({ cloud, name, backend, link }: WrittenEnvironment): readonly GivenMistake[] {
  const options = { reportInput: true, error: wording }
  const readName = EnvironmentName.safeParse(name, options)
  const ofName = (readName.error?.issues ?? []).map(({ message }) => ({
    option: undefined,
    line: `--environment: ${message}`
  }))
  const readBackend = Backend.safeParse(backend, options)
  const ofBackend = (readBackend.error?.issues ?? [])
    .filter(({ path }) => path[0] === 'bucket')
    .map(({ message }) => ({
      option: commonQuestions.stateBucket.option,
      line: `${flagOf(cloud, commonQuestions.stateBucket.option)}: ${message}`
    }))
  const readLink = clouds[cloud].link.safeParse(link, options)
  const ofLink = (readLink.error?.issues ?? [])
    .filter(({ path }) => !isPlaceholder(at(link, path)))
    .map(({ path, message }) => ({ option: optionAt(path), line: `${placeOf(cloud, path)}: ${message}` }))
  return [...ofName, ...ofBackend, ...ofLink]
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([name]) => name === String(key))?.[1]
        : undefined,
    value
  )
}

/** The question that a place in a link answers. */
function optionAt([first, second]: readonly PropertyKey[]): string {
  return String(first === 'zilliz' ? second : first)
}

function placeOf(cloud: CloudId, path: readonly PropertyKey[]): string {
  const option = optionAt(path)
  const flag = option === 'projectId' ? zillizProjectFlag : flagOf(cloud, option)
  const index = path.find(key => typeof key === 'number')
  return index === undefined ? flag : `${flag}[${index}]`
}

/** The names of the environments: the given one, with the cloud if there are several. */
export function environmentNames(name: string, chosen: readonly CloudId[]): Readonly<Record<string, string>> {
  const ids = allClouds.map(({ id }) => id).filter(id => chosen.includes(id))
  return Object.fromEntries(ids.map(id => [id, ids.length === 1 ? name : `${name}-${id}`]))
}
