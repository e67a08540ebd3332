import { z } from 'zod'

/** Whatever program deployed it: one of environments, or a stack of the reader's own. */
const outputsFile = 'Give the file that a deploy with the option `--outputs-file <file>` wrote.'

/** What a file may be that is given by mistake, and what to do; the first that fits. */
const kinds: readonly (readonly [shape: z.ZodType, is: string, remedy: string])[] = [
  [
    z.looseObject({ terraform_version: z.string(), serial: z.number() }),
    'is a Terraform state, which may hold secrets',
    outputsFile
  ],
  [z.looseObject({ format_version: z.string() }), 'is what `terraform show -json` prints', outputsFile],
  [
    z
      .record(z.string(), z.looseObject({ sensitive: z.boolean(), type: z.unknown() }))
      .refine(outputs => Object.keys(outputs).length > 0),
    'is what `terraform output -json` prints',
    outputsFile
  ],
  [
    z.looseObject({ apiVersion: z.string(), kind: z.string() }),
    'is a Kubernetes manifest',
    'Give the config that is inside it as a file of its own.'
  ]
]

/**
 * What a file is instead of a config or a deploy's outputs, of which the mistakes key by key would say nothing.
 *
 * @returns what it is and what to do
 */
export function otherKind(written: unknown): string | undefined {
  const [, is, remedy] = kinds.find(([shape]) => shape.safeParse(written).success) ?? []
  return is === undefined ? undefined : `${is}. ${remedy}`
}
