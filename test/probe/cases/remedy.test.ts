import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../probe/cases/catalogue.ts'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import { findings } from '../../../probe/cases/findings.ts'
import { allClouds, cloudOf } from '../../../probe/clouds.ts'
import type { Pod } from '../../../probe/facts/pod.ts'
import type { Target } from '../../../probe/target.ts'
import { stepsFor, stepsForCause } from '../../../probe/words/remedy.ts'
import { alike, awsTarget, gcpTarget, onlyTcp } from '../../support/evidence.ts'
import { shellWithWitnesses } from '../../support/shell.ts'

describe('every remedy', () => {
  const entries = [...catalogue.filter(({ id }) => id !== 'healthy'), ...findings]
  const everyTarget: readonly Target[] = allClouds.map(({ example }) => example)
  const bare = ({ name, environment, region, host, port, cloud }: Target): Target =>
    ({ name, environment, region, host, port, cloud }) as Target

  test.for(entries.flatMap(entry => everyTarget.map(target => [entry.id, target.cloud, entry, target] as const)))(
    '%s on %s has steps, and no id in their commands is missing',
    ([, , entry, target]) => {
      const steps = stepsFor(entry, target)
      expect(steps.length).toBeGreaterThan(0)
      expect(steps.flatMap(({ run = '' }) => run.match(/undefined|<(?!clients-)[a-z-]+>/g) ?? [])).toEqual([])
      const blank = stepsFor(entry, bare(target))
      expect(blank.map(({ do: what }) => what.replaceAll(/<[a-z-]+>/g, ''))).not.toContain('')
      expect(JSON.stringify(blank)).not.toContain('undefined')
    }
  )

  test('has the ids of the target in its commands, and a placeholder for those that are not known', () => {
    const zoneNotVisible = catalogue.find(({ id }) => id === 'zone-not-visible')
    if (zoneNotVisible === undefined) throw new Error('no such case')
    const command = (target: Target) => stepsFor(zoneNotVisible, target)[2]?.run
    expect(command(awsTarget)).toBe(
      'aws route53 associate-vpc-with-hosted-zone --hosted-zone-id Z0123456789ABCDEFGHIJ --vpc VPCRegion=us-west-2,VPCId=vpc-0a1b2c3d4e5f60718'
    )
    expect(command(bare(awsTarget))).toBe(
      'aws route53 associate-vpc-with-hosted-zone --hosted-zone-id <hosted-zone-id> --vpc VPCRegion=us-west-2,VPCId=<vpc-id>'
    )
    expect(command(gcpTarget)).toBe(
      'gcloud dns managed-zones update zilliz-privatelink-zone --project my-project-123 --networks default'
    )
  })

  test('for a link that a deploy made, the first step is the deploy, and a rule made by hand comes with a warning', () => {
    const { case: silence } = diagnose(alike(onlyTcp({ kind: 'timeout' })))
    const [deploy, byHand] = stepsFor(silence, awsTarget)
    expect(deploy?.run).toBe('npm run deploy -- prod')
    expect(byHand?.run).toContain('authorize-security-group-ingress')
    expect(byHand?.do).toContain('Remove it before you deploy, or the deploy fails with InvalidPermission.Duplicate.')
  })

  test('for a link of a stack of the operator, the first step is a deploy of that stack', () => {
    const { case: silence } = diagnose(alike(onlyTcp({ kind: 'timeout' })))
    for (const target of everyTarget) {
      const [deploy] = stepsFor(silence, { ...target, stack: 'network/search' })
      expect(deploy?.run).toBe('cdktf deploy network/search')
      expect(deploy?.do).not.toContain('environment')
    }
  })

  test('is made of sentences, so that a page, a terminal and an alert can print it as it is', () => {
    const inPod: Pod = { name: 'checkout-x2x9p', namespace: 'shop', ndots: 5 }
    const texts = everyTarget.flatMap(target => [
      ...entries.flatMap(entry => stepsFor(entry, target, inPod)),
      ...cloudOf(target.cloud).configuration.causes.flatMap(({ id, title }) =>
        stepsForCause({ ruling: 'confirmed', id, title, text: title, about: [], isCandidate: true }, target)
      )
    ])
    const parts = texts.flatMap(({ cause, do: action }) => (cause === undefined ? [action] : [cause, action]))
    expect(parts.length).toBeGreaterThan(400)
    expect(parts.filter(part => !/^[A-Z].*\.$/s.test(part))).toEqual([])
  })

  test('no command makes a CNAME without saying for which zones that is right', () => {
    const steps = entries.flatMap(entry => stepsFor(entry, awsTarget))
    const cnames = steps.filter(({ run }) => run?.includes('"Type":"CNAME"') === true)
    expect(new Set(cnames.map(({ do: action }) => action))).toEqual(
      new Set([
        "If the zone is a parent of the host, create a CNAME record that points to the endpoint's regional DNS name."
      ])
    )
  })

  test('for silence after SYN, the candidates are in order of likelihood', () => {
    const { case: silence } = diagnose(alike(onlyTcp({ kind: 'timeout' })))
    const causes = (target: Target) => stepsFor(silence, target).map(({ cause }) => cause)
    expect(causes(awsTarget)).toEqual([
      undefined,
      "The endpoint's security group does not allow inbound traffic from the clients.",
      "The clients' security group does not allow outbound traffic to the endpoint.",
      'Zilliz Cloud has not accepted the endpoint, or rejected it.',
      'A network ACL drops the packets or the answers.',
      'Zilliz Cloud allocated another port to this host.',
      'None of these.'
    ])
    expect(causes(gcpTarget)).toEqual([
      undefined,
      'Zilliz Cloud has not accepted the endpoint, or rejected it. The status is PENDING, REJECTED or CLOSED.',
      'A firewall rule or a hierarchical policy denies egress. Google Cloud allows egress by default.',
      'The clients are not in the region of the endpoint, and the endpoint does not allow global access.',
      'The clients are in a peered network. A Private Service Connect endpoint is not reachable from there.',
      'Zilliz Cloud allocated another port to this host.',
      'None of these.'
    ])
  })

  describe('as a shell runs it', () => {
    const commandsFor = (target: Target) =>
      entries.flatMap(entry => stepsFor(entry, target).flatMap(({ run }) => (run === undefined ? [] : [run])))

    /** Of an environment, and of a stack of the operator. */
    const inEveryWay = everyTarget.flatMap(target => [target, { ...target, stack: 'network' }])

    /** Those that the commands of any cloud start. */
    const programs = inEveryWay
      .flatMap(commandsFor)
      .flatMap(command => command.match(/(?<=^|&& |\|\| |; |\$\()[a-z]+\b/g) ?? [])

    test('starts the programs of every cloud, and those that every machine has', () => {
      expect(programs).toEqual(
        expect.arrayContaining(['aws', 'gcloud', 'curl', 'getent', 'openssl', 'cat', 'npm', 'cdktf', 'ip', 'grep'])
      )
    })

    test('hands each value over as it is, whatever it holds', async () => {
      await using sh = await shellWithWitnesses(...programs)
      const hostile = (key: string) => `${key} x'; touch done; $(touch done) \`touch done\` > done & touch done #`
      const targets = inEveryWay.map(target => {
        const values = Object.entries(target).map(([key, value]) => [
          key,
          typeof value === 'string' && key !== 'cloud' ? hostile(key) : value
        ])
        return Object.fromEntries(values) as Target
      })
      const commands = new Set(targets.flatMap(commandsFor))
      // What comes after `||` is run here even though all is well before it.
      const filledIn = [...commands].map(command =>
        command.replaceAll(/<clients-[a-z-]+>/g, 'client').replace(' || ', '; ')
      )
      for (const command of filledIn) {
        const calls = await sh.run(command)
        const given = command.match(/\b[a-zA-Z]+(?= x'[^;]*; touch done)/g) ?? []
        for (const key of given) expect(calls.flat(), command).toContainEqual(expect.stringContaining(hostile(key)))
        expect(await readdir(sh.directory), command).toEqual([])
      }
      expect(filledIn.length).toBeGreaterThan(30)
    })

    test('does nothing while a word is still a placeholder', async () => {
      await using sh = await shellWithWitnesses(...programs)
      const commands = new Set(everyTarget.flatMap(target => commandsFor(bare(target))))
      const open = [...commands].filter(command => /^[^'"&|(]* <[a-z-]+>/.test(command))
      for (const command of open) {
        expect(await sh.run(command), command).toEqual([])
        expect(await readdir(sh.directory), command).toEqual([])
      }
      expect(open.length).toBeGreaterThan(10)
    })
  })
})
