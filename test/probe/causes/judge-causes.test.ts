import { describe, expect, test } from 'vitest'
import { type Asked, answered, notAsked, type Unanswered, whyUnanswered } from '../../../probe/causes/asked.ts'
import { type Cause, confirmed, judgedBy, ruledOut, unconfirmable } from '../../../probe/causes/cause.ts'
import { causeOf, judgeCauses } from '../../../probe/causes/inquiry.ts'
import type { CloudQuestion } from '../../../probe/causes/question.ts'

interface Facts {
  readonly gate: Asked<string>
  readonly route: Asked<string>
}

const causes: readonly Cause<string, Facts, string>[] = [
  unconfirmable(
    { id: 'proxy', title: 'a proxy drops the packets', explains: ['no-answer-to-syn'] },
    'no configuration has it'
  ),
  {
    id: 'gate',
    code: 'GATE_CLOSED',
    title: 'the gate is closed',
    explains: ['no-answer-to-syn', 'tls-silent'],
    readBy: ['gates.read'],
    judge: ({ gate }) =>
      judgedBy({ gate }, answers =>
        answers.gate === 'open' ? ruledOut('gate g is open') : confirmed('gate g is closed', 'g')
      )
  },
  {
    id: 'route',
    title: 'a route is missing',
    explains: ['no-route'],
    readBy: ['routes.read', 'gates.read'],
    judge: ({ route, gate }) =>
      judgedBy({ route, gate }, answers =>
        answers.route === 'there' ? ruledOut('route r is there') : confirmed('route r is missing', 'r')
      )
  }
]

const question = (found: CloudQuestion<string>['case']): CloudQuestion<string> => ({
  target: 'a',
  case: found,
  resolved: [],
  resolvers: [],
  from: { addresses: [], machine: undefined }
})
const good: Facts = { gate: answered('open'), route: answered('there') }
const denied: Unanswered = { kind: 'unanswered', because: 'denied', action: 'gates.read' }

describe('causes', () => {
  test('each candidate of the case is listed in order with what proves it, rules it out, or why it is not known', () => {
    expect(judgeCauses(causes, { ...good, gate: answered('closed') }, question('no-answer-to-syn'))).toEqual([
      {
        id: 'proxy',
        title: 'a proxy drops the packets',
        isCandidate: true,
        ruling: 'not-known',
        text: 'no configuration has it'
      },
      {
        id: 'gate',
        code: 'GATE_CLOSED',
        title: 'the gate is closed',
        isCandidate: true,
        ruling: 'confirmed',
        text: 'gate g is closed',
        about: ['g']
      }
    ])
    const [, gate] = judgeCauses(causes, good, question('no-answer-to-syn'))
    expect(gate).toMatchObject({ ruling: 'ruled-out', text: 'gate g is open' })
  })

  test('a call without an answer costs the causes that need it and no others', () => {
    const judged = judgeCauses(causes, { ...good, gate: denied }, question('no-route'))
    expect(judged).toMatchObject([{ id: 'route', ruling: 'not-known', text: 'gates.read was denied' }])
    expect(judgeCauses(causes, { ...good, route: denied }, question('tls-silent'))).toMatchObject([
      { id: 'gate', ruling: 'ruled-out' }
    ])
  })

  test('what is wrong is listed although it cannot produce the case, and is not its cause', () => {
    const judged = judgeCauses(causes, { ...good, route: answered('missing') }, question('healthy'))
    expect(judged).toMatchObject([{ id: 'route', isCandidate: false, ruling: 'confirmed' }])
    expect(causeOf({ causes: judged })).toBeUndefined()
    expect(judgeCauses(causes, good, question('healthy'))).toEqual([])
  })

  test('the cause of a case is its first candidate that is confirmed', () => {
    const all = judgeCauses(causes, { gate: answered('closed'), route: answered('missing') }, question('tls-silent'))
    expect(causeOf({ causes: all })?.id).toBe('gate')
  })

  test('why there is no answer is said with the permission, and with what the API sent', () => {
    const rulings = (because: Unanswered['because'], detail?: string) =>
      whyUnanswered({ kind: 'unanswered', because, action: 'zones.list', ...(detail === undefined ? {} : { detail }) })
    expect(rulings('denied')).toBe('zones.list was denied')
    expect(rulings('throttled')).toBe('zones.list was throttled')
    expect(rulings('too-slow')).toBe('zones.list was not answered in time')
    expect(rulings('unreachable', 'ENOTFOUND')).toBe('the API for zones.list cannot be reached (ENOTFOUND)')
    expect(rulings('no-credentials', 'none found')).toBe('there are no credentials for zones.list (none found)')
    expect(rulings('failed', 'status 500')).toBe('zones.list failed (status 500)')
    expect(whyUnanswered(notAsked('zones.list', 'the network is not known'))).toBe('the network is not known')
  })
})
