import type { TerraformStack } from 'cdktf'
import { minVersion, satisfies } from 'semver'
import { z } from 'zod'
import { shown } from '../probe/schema/mistakes.ts'

/** The versions of a Terraform provider with which the stacks of environments work. */
export interface SupportedVersions {
  /** The provider's name in a stack. */
  readonly provider: string
  /** The oldest version that works. */
  readonly from: string
  /** The first version that is not known to work. */
  readonly below: string
}

/** An option by which an environment allows only some of the supported versions. */
export function providerVersion(supported: SupportedVersions) {
  const all = `>= ${supported.from}, < ${supported.below}`
  return z
    .string()
    .superRefine((given, context) => {
      if (semverOf(given) === undefined)
        context.addIssue({
          code: 'custom',
          message: `must be a version constraint of Terraform such as "~> ${supported.from}", got ${shown(given)}. Separate several by commas.`
        })
      else if (lowest(supported, given) === undefined)
        context.addIssue({
          code: 'custom',
          message: `must allow a supported version, ${all}, got ${shown(given)}. Choose one of these, or leave the key out.`
        })
    })
    .exactOptional()
    .describe(
      `Which of the supported versions of the provider, \`${all}\`, a deploy may use: a constraint such as \`~> ${supported.from}\`. Default: all of them.`
    )
}

/**
 * Allows a stack the supported versions of a provider, in place of the one version that its bindings name.
 *
 * @param narrowed a constraint that allows at least one of them. @default - all of them
 */
export function allowVersions(stack: TerraformStack, supported: SupportedVersions, narrowed?: string): void {
  // The command line of cdktf compares the first version of this with the lock file, and upgrades if the file does not allow it.
  const from = lowest(supported, narrowed) ?? supported.from
  const parts = [`>= ${from}`, `< ${supported.below}`, ...(narrowed === undefined ? [] : [narrowed])]
  stack.addOverride(`terraform.required_providers.${supported.provider}.version`, parts.join(', '))
}

/** Whether a constraint of Terraform allows a version. */
export function isAllowed(version: string, constraint: string): boolean {
  return constraint.split(',').every(part => {
    const [, excluded] = /^\s*!=\s*(\S+)\s*$/.exec(part) ?? []
    return excluded === undefined ? satisfies(version, semverOf(part) ?? '*') : padded(excluded) !== version
  })
}

/** The lowest supported version that a constraint allows. */
function lowest({ from, below }: SupportedVersions, narrowed?: string): string | undefined {
  const range = narrowed === undefined ? '' : semverOf(narrowed)
  return minVersion(`>=${from} <${below} ${range}`)?.version
}

const part = /^\s*(=|!=|>=?|<=?|~>)?\s*(\d+(?:\.\d+){0,2})\s*$/

/**
 * A constraint of Terraform as a range of semver, without the single versions that it excludes; undefined for a text that is none.
 * https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */
function semverOf(constraint: string): string | undefined {
  const parts = constraint.split(',').map(each => {
    const [, operator = '=', version] = part.exec(each) ?? []
    if (version === undefined) return undefined
    if (operator === '!=') return ''
    if (operator !== '~>') return `${operator}${padded(version)}`
    // The last number may grow: with one number only, every version would be allowed.
    const [, minor, patch] = version.split('.')
    if (minor === undefined) return undefined
    return patch === undefined ? `^${padded(version)}` : `~${version}`
  })
  return parts.includes(undefined) ? undefined : parts.join(' ')
}

function padded(version: string): string {
  return [...version.split('.'), '0', '0'].slice(0, 3).join('.')
}
