import { InvalidArgumentError, Option } from 'commander'
import { allClouds, type CloudId } from '../../../probe/clouds.ts'
import { shown } from '../../../probe/schema/mistakes.ts'
import type { LinkQuestion } from '../../starter.ts'
import { clouds } from '../../starters.ts'

/** What the user gave for one cloud, by the names of questions. */
export type GivenValues = Readonly<Record<string, string | readonly string[]>>

/** The project of Zilliz Cloud is the same on every cloud. */
export const zillizProjectFlag = '--zilliz-project'

/** What is asked on every cloud, after the questions of the cloud. */
export const commonQuestions = {
  zone: {
    option: 'zone',
    title: 'DNS zone: per-host, parent, existing or none',
    example: 'per-host',
    initial: 'per-host'
  },
  clusters: {
    option: 'clusters',
    title: 'Clusters whose hosts the deploy reads with an API key',
    example: 'in01-840ec44485bf25d',
    isList: true
  },
  hosts: {
    option: 'hosts',
    title: 'Private links of the clusters, as Zilliz Cloud prints them',
    example: 'https://in01-840ec44485bf25d-privatelink.<region>.vectordb.zillizcloud.com:19531',
    isList: true
  },
  stateBucket: {
    option: 'stateBucket',
    title: 'Bucket for the Terraform state. Default: a local file',
    example: 'my-terraform-state'
  }
} as const satisfies Readonly<Record<string, LinkQuestion>>

/** All that may be given for a cloud. */
export function linkQuestionsOf(cloud: CloudId): readonly LinkQuestion[] {
  const { questions, service } = clouds[cloud]
  const { zone, clusters, hosts, stateBucket } = commonQuestions
  return [...questions, zone, service, clusters, hosts, stateBucket]
}

/** The option of the command line: cloud and option, with hyphens. */
export function flagOf(cloud: CloudId, option: string): string {
  return `--${cloud}-${option.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

/** The options of the command line for the questions of every cloud. */
export function flagsOfClouds(): readonly Option[] {
  return allClouds.flatMap(({ id, title }) =>
    linkQuestionsOf(id).map(question => {
      const value = 'isList' in question ? '<list>' : '<value>'
      return new Option(`${flagOf(id, question.option)} ${value}`, `${title}: ${question.title}`)
    })
  )
}

/** What the user gave for a cloud on the command line. */
export function givenFor(cloud: CloudId, options: Readonly<Record<string, unknown>>): GivenValues {
  return Object.fromEntries(
    linkQuestionsOf(cloud).flatMap(question => {
      const given = options[attributeOf(cloud, question)]
      return typeof given === 'string' ? [[question.option, answerOf(question, given)]] : []
    })
  )
}

/** The name under which commander has an option. */
function attributeOf(cloud: CloudId, { option }: LinkQuestion): string {
  return `${cloud}${option.charAt(0).toUpperCase()}${option.slice(1)}`
}

/** A text as the value of a question: a list is separated by commas or spaces. */
export function answerOf(question: LinkQuestion, text: string): string | readonly string[] {
  return question.isList === true ? text.split(/[\s,]+/).filter(each => each !== '') : text.trim()
}

/** The clouds of `--cloud`, which takes a list and may be repeated. */
export function readClouds(text: string, before: readonly CloudId[] = []): readonly CloudId[] {
  const names = text.split(/[\s,]+/).filter(name => name !== '')
  const known = allClouds.filter(({ id }) => names.includes(id)).map(({ id }) => id)
  const unknown = names.filter(name => !known.some(id => id === name))
  if (unknown.length > 0 || known.length === 0) {
    const ids = allClouds.map(({ id }) => id).join(', ')
    throw new InvalidArgumentError(`must be one or more of ${ids}, got ${shown(text)}.`)
  }
  return [...new Set([...before, ...known])]
}
