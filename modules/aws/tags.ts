import { z } from 'zod'
import { shown } from '../../probe/schema/mistakes.ts'
import { markKeys } from '../marks.ts'
import type { Mistake } from '../mistakes.ts'

// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices
const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Tags for every AWS resource of an environment. */
export const AwsTags = z.record(
  text(128, key => key !== '' && !key.toLowerCase().startsWith('aws:'), 'a tag key such as CostCenter'),
  text(256, () => true, 'a tag value such as search-team')
)

/** The tag by which the project names each resource. */
const nameKey = 'Name'

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices */
const mostTags = 50

/**
 * What is wrong with the tags of an environment that are each well formed. What could not be read takes no part.
 *
 * @param links the links of the environment on AWS
 */
export function tagMistakes(tags: unknown, links: Readonly<Record<string, unknown>>): readonly Mistake[] {
  const keys = keysOf(tags)
  const onEvery = [...new Set([...markKeys, nameKey, ...keys])]
  const named = keys.includes(nameKey)
    ? [
        {
          path: ['tags', nameKey],
          message: `must not be given for a whole environment, because the project names each resource by it, got ${shown(fieldOf(tags, nameKey))}. Remove it, or give it in the tags of a link, for its endpoint.`
        }
      ]
    : []
  return [...named, ...(hasOwnRole(links) ? onlyCase(keys, onEvery) : []), ...tooMany(onEvery, links)]
}

/**
 * Keys that differ only in case. IAM accepts one of them on a role, "Tag keys are case insensitive", where other services
 * accept both: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
 */
function onlyCase(keys: readonly string[], onEvery: readonly string[]): readonly Mistake[] {
  return keys.flatMap(key => {
    const others = onEvery.filter(other => other !== key && other.toLowerCase() === key.toLowerCase())
    // Of two that are both given, the one is enough.
    const [other] = others.filter(other => !keys.includes(other) || keys.indexOf(other) < keys.indexOf(key))
    if (other === undefined) return []
    const whose = keys.includes(other) ? `tags.${other}` : `the tag ${other} of every resource`
    return [
      {
        path: ['tags', key],
        message: `must not differ from ${whose} in case alone, got ${shown(key)}. IAM accepts one of the two on the role of a probe. Write ${other}, or give the probe an executionRoleArn.`
      }
    ]
  })
}

function tooMany(onEvery: readonly string[], links: Readonly<Record<string, unknown>>): readonly Mistake[] {
  const count = (keys: readonly string[]) => new Set([...onEvery, ...keys]).size
  const message = (got: number) =>
    `must be at most ${mostTags} with ${[...markKeys, nameKey].join(', ')}, which every resource has, got ${got}. Remove some.`
  if (count([]) > mostTags) return [{ path: ['tags'], message: message(count([])) }]
  return Object.entries(links).flatMap(([name, link]) => {
    const got = count(keysOf(fieldOf(link, 'tags')))
    return got > mostTags ? [{ path: ['links', name, 'tags'], message: message(got) }] : []
  })
}

/** Whether a probe gets a role that the deploy makes. */
function hasOwnRole(links: Readonly<Record<string, unknown>>): boolean {
  return Object.values(links).some(link => {
    const probe = fieldOf(link, 'probe')
    return typeof probe === 'object' && probe !== null && fieldOf(probe, 'executionRoleArn') === undefined
  })
}

function keysOf(tags: unknown): readonly string[] {
  return typeof tags === 'object' && tags !== null ? Object.keys(tags) : []
}

function fieldOf(given: unknown, name: string): unknown {
  return typeof given === 'object' && given !== null ? new Map(Object.entries(given)).get(name) : undefined
}

function text(longest: number, fits: (given: string) => boolean, is: string) {
  return z.string().superRefine((given, context) => {
    if (given.length <= longest && characters.test(given) && fits(given)) return
    context.addIssue({
      code: 'custom',
      message: `must be ${is}, got ${shown(given)}. AWS accepts up to ${longest} letters, digits, spaces and _.:/=+-@. Keys with the prefix aws: are reserved.`
    })
  })
}
