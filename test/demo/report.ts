import { styleText } from 'node:util'
import { ProbeConfig, type Target } from '../../probe/target.ts'
import type { AwsCloud } from '../standin/aws/aws-cloud.ts'
import type { GoogleCloud } from '../standin/google/google-cloud.ts'
import type { DnsAnswer } from '../standin/private-dns.ts'
import type { Deployed } from './deploy.ts'

/** A heading. */
export function title(text: string): string {
  return `\n${styleText('bold', text)}`
}

/** What step one leaves a person to do: what to enter in the vendor's dialog, and what the deploy warned of. */
export function registration({ outputs, warnings }: Deployed): string {
  const dialogs = Object.entries(outputs.register).flatMap(([link, fields]) => [
    title(`Enter this in the Add Private Link dialog of Zilliz Cloud, for ${link}`),
    ...rows(Object.entries(fields).map(([label, value]) => [label, Array.isArray(value) ? value.join(', ') : value]))
  ])
  return [...dialogs, ...warned(warnings), ''].join('\n')
}

/** What step two leaves behind: statuses, records, and how the hosts resolve inside the network. */
export function result(
  { outputs, warnings }: Deployed,
  clouds: { readonly aws: AwsCloud; readonly google: GoogleCloud }
): string {
  const links = Object.entries(outputs.links).flatMap(([link, { connection_status, addresses, records }]) => [
    title(link),
    ...rows([
      ['connection', connection_status],
      ['addresses', addresses.join(', ')],
      ...records.map(({ name, type, value }) => [`record ${type}`, `${name} → ${value}`])
    ])
  ])
  const { targets } = ProbeConfig.parse(JSON.parse(outputs.probe_config))
  const lookups = targets.flatMap(target => {
    const answer = answerIn(clouds, target)
    return answer === undefined
      ? []
      : [[target.name, `${target.host}:${target.port} resolves to ${shownAnswer(answer)}`]]
  })
  return [
    ...links,
    title('What the probe is told to watch, and how it resolves inside the network'),
    ...rows(lookups),
    ...warned(warnings),
    ''
  ].join('\n')
}

function rows(pairs: readonly (readonly string[])[]): string[] {
  const width = Math.max(...pairs.map(([label = '']) => label.length))
  return pairs.map(([label = '', value = '']) => `  ${label.padEnd(width)}  ${styleText('cyan', value)}`)
}

function warned(warnings: readonly string[]): string[] {
  if (warnings.length === 0) return []
  return [title('Warnings'), ...warnings.map(warning => `  ${styleText('yellow', warning)}`)]
}

/** What a resolver of the target's network answers, on the clouds of the sample. */
function answerIn({ aws, google }: Parameters<typeof result>[1], target: Target): DnsAnswer | undefined {
  switch (target.cloud) {
    case 'aws':
      return aws.resolve(target.vpcId ?? '', target.host)
    case 'gcp':
      return google.resolve(target.network ?? '', target.host)
    default:
      return undefined
  }
}

function shownAnswer(answer: DnsAnswer): string {
  return answer.kind === 'addresses' ? answer.addresses.join(', ') : answer.kind
}
