import type { CaseId } from '../../../cases/catalogue.ts'
import { type Cause, confirmed, judgedBy, notKnown, type Ruling, ruledOut } from '../../../causes/cause.ts'
import type { CloudQuestion } from '../../../causes/question.ts'
import { type AwsTarget, idOfEndpoint } from '../target.ts'
import type { AwsFacts, VpcEndpoint } from './facts.ts'

/** An endpoint whose connection is not there drops what is sent to it. */
const withoutConnection = [
  'no-answer-to-syn',
  'connection-refused',
  'no-route',
  'endpoint-gone',
  'dangling-cname',
  'cname-without-address',
  'no-address-record',
  'tls-reset',
  'tls-silent'
] as const satisfies readonly CaseId[]

const titleOfAccount = 'the credentials belong to an account that does not have the VPC of the link'

const byState = [
  inState({
    id: 'endpoint-rejected',
    title: 'Zilliz Cloud rejected the endpoint',
    states: ['rejected'],
    meaning: 'Zilliz Cloud rejected its connection'
  }),
  inState({
    id: 'endpoint-pending-acceptance',
    title: 'Zilliz Cloud has not accepted the endpoint',
    states: ['pendingacceptance'],
    meaning: 'Zilliz Cloud has not accepted its connection'
  }),
  inState({
    id: 'endpoint-failed',
    title: 'AWS failed to create the endpoint, or is still creating it',
    states: ['failed', 'expired', 'partial', 'pending'],
    meaning: 'AWS has not completed it'
  })
] as const

/** What is wrong with the credentials, and then with the endpoint itself. */
export const endpointCauses = [
  {
    id: 'credentials-of-another-account',
    title: titleOfAccount,
    // It hides the cause and produces no case.
    explains: [],
    readBy: ['sts:GetCallerIdentity', 'ec2:DescribeVpcs'],
    judge: ({ vpc, account, region }, { target: { vpcId = 'of the link' } }) =>
      judgedBy({ vpc, account }, answers =>
        answers.vpc === undefined
          ? confirmed(
              `the credentials belong to account ${answers.account}, which has no VPC ${vpcId} in ${region}; use credentials of the account of the link`,
              vpcId
            )
          : ruledOut(`account ${answers.account} has VPC ${answers.vpc.id}`)
      )
  },
  {
    id: 'endpoint-deleted',
    code: 'BAD_STATE',
    title: 'the endpoint was deleted',
    explains: [...withoutConnection, 'stale-record', 'network-unreachable', 'wrong-endpoint'],
    readBy: ['ec2:DescribeVpcEndpoints'],
    judge: (facts, question) =>
      judgedBy({ endpoint: facts.endpoint }, ({ endpoint }) =>
        endpoint === undefined ? withoutEndpoint(facts, question) : inStates(endpoint, ['deleting', 'deleted'])
      )
  },
  ...byState
] as const satisfies readonly Cause<string, AwsFacts, AwsTarget>[]

function inState<Id extends string>({
  id,
  title,
  states,
  meaning
}: {
  readonly id: Id
  readonly title: string
  readonly states: readonly string[]
  readonly meaning: string
}) {
  return {
    id,
    code: 'BAD_STATE',
    title,
    explains: withoutConnection,
    readBy: ['ec2:DescribeVpcEndpoints'],
    judge: ({ endpoint }) =>
      judgedBy({ endpoint }, answers =>
        answers.endpoint === undefined
          ? ruledOut('there is no such endpoint')
          : inStates(answers.endpoint, states, meaning)
      )
  } as const satisfies Cause<string, AwsFacts, AwsTarget>
}

function inStates({ id, state }: VpcEndpoint, states: readonly string[], meaning = ''): Ruling {
  const known = `endpoint ${id} is in state ${spelled[state] ?? state}`
  return states.includes(state) ? confirmed(`${known}${meaning === '' ? '' : `: ${meaning}`}`, id) : ruledOut(known)
}

/** States as AWS documents them, where lower case is another spelling. */
const spelled: Readonly<Record<string, string>> = { pendingacceptance: 'pendingAcceptance' }

function withoutEndpoint({ account, vpc, region }: AwsFacts, { target }: CloudQuestion<AwsTarget>): Ruling {
  const id = idOfEndpoint(target) ?? 'of the link'
  const isOfLink = vpc.kind === 'answered' && vpc.answer !== undefined
  const whose = account.kind === 'answered' ? `account ${account.answer}` : 'the account'
  return isOfLink
    ? confirmed(`${whose} has no endpoint ${id} in ${region}`, id)
    : notKnown(
        `${whose} has no endpoint ${id} in ${region}, but it may be the wrong account, because the VPC is not known`
      )
}
