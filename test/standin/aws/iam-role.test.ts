import { IamRole, type IamRoleConfig } from '@cdktf/provider-aws/lib/iam-role/index.js'
import { IamRolePolicy, type IamRolePolicyConfig } from '@cdktf/provider-aws/lib/iam-role-policy/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { type Build, openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } }]
}

function allow(...actions: string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }]
  })
}

const assumeRolePolicy = JSON.stringify(trust)

function withRole(role: Partial<IamRoleConfig>, policy: Partial<IamRolePolicyConfig> = {}): Build {
  return stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const { name } = new IamRole(stack, 'role', { assumeRolePolicy, ...role })
    new IamRolePolicy(stack, 'policy', { role: name, policy: allow('logs:PutLogEvents'), ...policy })
  }
}

const answer = (call: string, status: number, error: string) =>
  `operation error IAM: ${call}, https response error StatusCode: ${status}, RequestID: …, ${error}`

test('a role with a policy comes, is left alone, changes in place, is replaced and goes', async () => {
  const aws = new AwsCloud({ vpcs: [] })
  const stack = await openStack({ aws }, withRole({ namePrefix: 'probe-', path: '/watch/' }, { name: 'logs' }))
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  const [made] = aws.iamRoles.values()
  const name = `${made?.name}`
  expect(made).toEqual({
    name: expect.stringMatching(/^probe-\d{26}$/),
    arn: `arn:aws:iam::123456789012:role/watch/${name}`,
    path: '/watch/',
    uniqueId: expect.stringMatching(/^AROA[0-9A-Z]{17}$/),
    trust: assumeRolePolicy,
    description: '',
    maxSessionDuration: 3600,
    permissionsBoundary: undefined,
    policies: new Map([['logs', allow('logs:PutLogEvents')]]),
    tags: {}
  })
  const wider = {
    ...trust,
    Statement: [{ ...trust.Statement[0], Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]
  }
  const changed = { description: 'of the probe', maxSessionDuration: 7200, tags: { Name: 'probe' } }
  await stack.rebuild(
    withRole(
      { namePrefix: 'probe-', path: '/watch/', assumeRolePolicy: JSON.stringify(wider), ...changed },
      { name: 'logs', policy: allow('logs:CreateLogStream', 'logs:PutLogEvents') }
    )
  )
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['update', 'update'])
  expect(aws.iamRoles.get(name)).toMatchObject({
    trust: JSON.stringify(wider),
    description: 'of the probe',
    maxSessionDuration: 7200,
    policies: new Map([['logs', allow('logs:CreateLogStream', 'logs:PutLogEvents')]]),
    tags: { Name: 'probe' }
  })
  await stack.rebuild(withRole({ name: 'probe' }, { namePrefix: 'logs-' }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'aws_iam_role.role', actions: ['delete', 'create'] },
    { address: 'aws_iam_role_policy.policy', actions: ['delete', 'create'] }
  ])
  await stack.apply()
  expect((await stack.destroy()).errors).toEqual([])
  expect(aws.iamRoles.size).toBe(0)
  expect(aws.calls.map(({ action }) => action)).toEqual([
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'iam:TagRole',
    'iam:UpdateAssumeRolePolicy',
    'iam:UpdateRoleDescription',
    'iam:UpdateRole',
    'iam:PutRolePolicy',
    'iam:DeleteRolePolicy',
    'iam:DeleteRole',
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'iam:DeleteRolePolicy',
    'iam:DeleteRole'
  ])
})

test('policies that say the same in other words change nothing', async () => {
  const aws = new AwsCloud({ vpcs: [] })
  const stack = await openStack(
    { aws },
    withRole({ name: 'probe' }, { name: 'logs', policy: allow('logs:CreateLogStream', 'logs:PutLogEvents') })
  )
  await stack.apply()
  const [statement] = trust.Statement
  const sameTrust = { Statement: { ...statement, Action: ['sts:AssumeRole'] }, Version: '2012-10-17' }
  await stack.rebuild(
    withRole(
      { name: 'probe', assumeRolePolicy: JSON.stringify(sameTrust, undefined, 2) },
      { name: 'logs', policy: allow('logs:PutLogEvents', 'logs:CreateLogStream') }
    )
  )
  expect((await stack.plan()).changes).toEqual([])
})

test("a policy of somebody else goes with the role, unless it came after the provider's last look", async () => {
  const aws = new AwsCloud({ vpcs: [] })
  const roles: Build = stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const first = new IamRole(stack, 'first', { name: 'first', assumeRolePolicy })
    new IamRole(stack, 'second', { name: 'second', assumeRolePolicy, dependsOn: [first] })
  }
  const stack = await openStack({ aws }, roles)
  await stack.apply()
  aws.onChange = ({ action, id }) => {
    if (action === 'iam:DeleteRole' && id === 'second') aws.iamRoles.get('first')?.policies.set('theirs', allow('s3:*'))
  }
  // Terraform does not say of which resource an error is when it was deleting it.
  expect(refusals(await stack.destroy())).toEqual({
    '': `deleting IAM Role (first): ${answer('DeleteRole', 409, 'DeleteConflict: Cannot delete entity, must delete policies first.')}`
  })
  expect((await stack.destroy()).errors).toEqual([])
  expect(aws.calls.slice(-2)).toEqual([
    { action: 'iam:DeleteRolePolicy', id: 'first:theirs' },
    { action: 'iam:DeleteRole', id: 'first' }
  ])
})

test('IAM refuses a taken name, policies of the wrong form, and a policy without a role', async () => {
  const aws = new AwsCloud({ vpcs: [] })
  const documentOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: statement })
  const stack = await openStack({ aws }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const first = new IamRole(stack, 'first', { name: 'probe', assumeRolePolicy })
    const dependsOn = [first]
    new IamRole(stack, 'taken', { name: 'probe', assumeRolePolicy, dependsOn })
    new IamRole(stack, 'resource', { assumeRolePolicy: documentOf({ ...trust.Statement[0], Resource: '*' }) })
    new IamRole(stack, 'anybody', { assumeRolePolicy: documentOf({ Effect: 'Allow', Action: 'sts:AssumeRole' }) })
    const policy = (id: string, role: string, statement: object) =>
      new IamRolePolicy(stack, id, { role, policy: documentOf(statement), dependsOn })
    policy('absent', 'gone', { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })
    policy('no-action', 'probe', { Effect: 'Allow', Resource: '*' })
    policy('no-resource', 'probe', { Effect: 'Allow', Action: 's3:GetObject' })
    policy('principal', 'probe', { ...trust.Statement[0], Resource: '*' })
    policy('long', 'probe', {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: [`arn:aws:s3:::${'b'.repeat(10_240)}`]
    })
  })
  const refused = refusals(await stack.apply())
  const malformed = (error: string) => answer('CreateRole', 400, `MalformedPolicyDocument: ${error}`)
  const role = expect.stringMatching(/^creating IAM Role \(terraform-\d{26}\): /)
  expect(refused['aws_iam_role.resource']).toEqual(role)
  expect(refused['aws_iam_role.resource']).toContain(malformed('Has prohibited field Resource'))
  expect(refused['aws_iam_role.anybody']).toContain(malformed('Missing required field Principal'))
  const taken = answer('CreateRole', 409, 'EntityAlreadyExists: Role with name probe already exists.')
  expect(refused['aws_iam_role.taken']).toBe(`creating IAM Role (probe): ${taken}`)
  const put = (id: string) => `${refused[`aws_iam_role_policy.${id}`]}`.replace(/\(terraform-\d{26}\)/, '(…)')
  const putting = (role: string, status: number, error: string) =>
    `putting IAM Role (${role}) Policy (…): ${answer('PutRolePolicy', status, error)}`
  expect(put('absent')).toBe(putting('gone', 404, 'NoSuchEntity: The role with name gone cannot be found.'))
  const syntax = (error: string) => putting('probe', 400, `MalformedPolicyDocument: ${error}`)
  expect(put('no-action')).toBe(syntax('Policy statement must contain actions.'))
  expect(put('no-resource')).toBe(syntax('Policy statement must contain resources.'))
  expect(put('principal')).toBe(syntax('Policy document should not specify a principal.'))
  expect(put('long')).toBe(
    putting('probe', 409, 'LimitExceeded: Maximum policy size of 10240 bytes exceeded for role probe')
  )
})

for (const { when, role, policy = {}, says } of [
  {
    when: 'a name of 65 characters',
    role: { name: 'p'.repeat(65) },
    says: `expected length of name to be in the range (1 - 64), got ${'p'.repeat(65)}`
  },
  {
    when: 'a prefix of 39 characters',
    role: { namePrefix: 'p'.repeat(39) },
    says: `expected length of name_prefix to be in the range (1 - 38), got ${'p'.repeat(39)}`
  },
  {
    when: 'a slash in its name',
    role: { name: 'watch/probe' },
    says: 'invalid value for name (must match [\\w+=,.@-])'
  },
  {
    when: 'no JSON to say who may assume it',
    role: { assumeRolePolicy: 'ecs-tasks.amazonaws.com' },
    says: '"assume_role_policy" contains an invalid JSON policy: not a JSON object'
  },
  {
    when: 'a list to say who may assume it',
    role: { assumeRolePolicy: '[]' },
    says: '"assume_role_policy" contains an invalid JSON policy: contains a JSON array, not a JSON object'
  },
  {
    when: 'nothing in its policy',
    role: {},
    policy: { policy: '' },
    says: '"policy" is an empty string, which is not a valid JSON value'
  }
]) {
  test(`no role is planned with ${when}`, async () => {
    const stack = await openStack({ aws: new AwsCloud({ vpcs: [] }) }, withRole(role, policy))
    expect((await stack.validate()).map(({ summary }) => summary)).toEqual([says])
  })
}

test('IAM does not tell keys of tags apart that differ only in case', async () => {
  const stack = await openStack({ aws: new AwsCloud({ vpcs: [] }) }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2', defaultTags: [{ tags: { environment: 'test' } }] })
    new IamRole(stack, 'role', { assumeRolePolicy, name: 'probe', tags: { Environment: 'x' } })
  })
  expect(refusals(await stack.apply())).toEqual({
    'aws_iam_role.role': `creating IAM Role (probe): ${answer('CreateRole', 400, 'InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.')}`
  })
})
