import { readFileSync } from 'node:fs'
import { TerraformStack } from 'cdktf'
import { expect, test as plain } from 'vitest'
import { AwsCloud } from '../../standin/aws/aws-cloud.ts'
import { GoogleCloud } from '../../standin/google/google-cloud.ts'
import { openApp } from '../../standin/small-stack.ts'
import { testWith } from '../../support/test-with.ts'
import { comesAndGoes } from './own-stack.ts'
import { userProject } from './user-project.ts'

const test = testWith('terraform')
const guide = readFileSync('modules/guides/use-in-your-own-stack.md', 'utf8')

/** The program in the page of one kind. */
function program(kind: string): string {
  const [, code = ''] = new RegExp(`^\`\`\`ts ${kind}\n([\\s\\S]*?)^\`\`\``, 'm').exec(guide) ?? []
  return code
}

/** The class of a stack that a program exports. */
async function stackIn(
  code: string
): Promise<new (...args: ConstructorParameters<typeof TerraformStack>) => TerraformStack> {
  const { pathOf, typeErrors } = await userProject({ 'search.ts': code })
  expect(typeErrors).toEqual([])
  const [made] = Object.values(await import(pathOf('search.ts')))
  if (typeof made !== 'function' || !(made.prototype instanceof TerraformStack)) throw new Error('exports no stack')
  return made as never
}

for (const { on, clouds, uris } of [
  {
    on: 'aws',
    clouds: () => ({ aws: new AwsCloud({ vpcs: [] }) }),
    uris: {
      'in01-840ec44485bf25d': 'https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531'
    }
  },
  {
    on: 'gcp',
    clouds: () => ({ google: new GoogleCloud({ project: 'my-project-123', networks: [] }) }),
    uris: {
      'in01-61e949d971f841b': 'https://in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com:443'
    }
  }
]) {
  test(`the program for ${on} in the page deploys from nothing, is planned again without change, and is destroyed`, async () => {
    const Stack = await stackIn(program(`own-stack-${on}`))
    await comesAndGoes(await openApp(clouds(), app => new Stack(app, 'search')), outputs => {
      expect(outputs.uris).toEqual(uris)
    })
  })
}

plain('the page has a program for each cloud', () => {
  for (const on of ['aws', 'gcp']) expect(program(`own-stack-${on}`)).not.toBe('')
})
