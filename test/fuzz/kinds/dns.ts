import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { printedReport } from '../../../probe/doctor/print.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { round } from '../../../probe/rounds/round.ts'
import type { Target } from '../../../probe/target.ts'
import { awsTarget, host } from '../../support/evidence.ts'
import { hostileReplies } from '../../support/hostile-replies.ts'
import { bare, part, type ReplyPart, type ResolverAct, startHostileResolver } from '../../support/hostile-resolver.ts'
import { nowhere } from '../../support/nowhere.ts'
import type { Kind } from '../kind.ts'
import { mutated } from '../mutated.ts'

const examples = Object.values(hostileReplies(host))
const target: Target = { ...awsTarget, canaries: ['in01-2.aws-us-west-2.vectordb.zillizcloud.com'] }

/** Octets of JSON to which a round comes at most. */
const mostOfARound = 64 * 1024

const message: fc.Arbitrary<ReplyPart> = fc
  .record({
    bytes: mutated(examples),
    asTheyAre: fc.constantFrom(false, false, false, false, true),
    length: fc.option(fc.nat(0xffff), { freq: 5, nil: undefined })
  })
  .map(({ bytes, asTheyAre, length }) => part(bytes, { asTheyAre, ...(length === undefined ? {} : { length }) }))

/** A sound reply at last, so that the probe need not wait for more. */
const sound = part(bare(host, { header: { rcode: 3 } }))

/** What a resolver sends in place of replies, to each question of a round, over UDP and, where that is cut short, over TCP. */
export const kind: Kind<ResolverAct> = {
  batch: 50,
  inputs: fc.record({
    datagrams: fc
      .tuple(fc.array(message, { minLength: 1, maxLength: 3 }), fc.constantFrom([sound], [sound], [sound], []))
      .map(([spoilt, last]) => [...spoilt, ...last]),
    stream: fc.array(message, { maxLength: 2 }),
    finally: fc.constantFrom('keep', 'end', 'end', 'reset')
  }),
  start: async () => {
    const hostile = await startHostileResolver()
    const trust = trustIn(undefined)
    return {
      run: async act => {
        await hostile.act(act)
        const bugs: unknown[] = []
        const evidence = await round(
          {
            target,
            resolvers: [hostile.resolver],
            observeLibc: undefined,
            trust,
            budget: { dns: 40, tcp: 100, tls: 100, application: 100 },
            allowLoopback: false,
            begin: nowhere,
            onBug: bug => bugs.push(bug)
          },
          new AbortController().signal
        )
        for (const bug of bugs) throw bug
        const report = makeReport(evidence, { seconds: 1, heldBy: [] })
        if (JSON.stringify(evidence).length > mostOfARound) throw new Error('the evidence is not bounded')
        if (/[\p{C}\p{Zl}\p{Zp}]/u.test(stripVTControlCharacters(printedReport(report, 80)).replaceAll('\n', ''))) {
          throw new Error('the report is not printable')
        }
      },
      [Symbol.asyncDispose]: () => hostile[Symbol.asyncDispose]()
    }
  }
}
