import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../probe/cases/catalogue.ts'
import { findings } from '../../../probe/cases/findings.ts'
import { podRemedies } from '../../../probe/clouds/pod-remedies.ts'
import { allClouds } from '../../../probe/clouds.ts'
import type { Pod } from '../../../probe/facts/pod.ts'
import type { Target } from '../../../probe/target.ts'
import { stepsFor } from '../../../probe/words/remedy.ts'
import { shellWithWitnesses } from '../../support/shell.ts'

const pod: Pod = { name: 'checkout-x2x9p', namespace: 'shop', ndots: 5 }
const unnamed: Pod = { name: undefined, namespace: undefined, ndots: 5 }
const everyTarget: readonly Target[] = allClouds.map(({ example }) => example)
const entries = [...catalogue, ...findings].filter(({ id }) => podRemedies[id] !== undefined)

describe.for(everyTarget.map(target => [target.cloud, target] as const))('from a pod, on %s,', ([, target]) => {
  const causes = (id: (typeof entries)[number]['id'], from = pod) =>
    stepsFor({ id }, target, from).map(({ cause }) => cause)

  test('policies are among the candidates of a timeout, before the last resort', () => {
    const found = causes('no-answer-to-syn')
    expect(found.slice(-5)).toEqual([
      'A NetworkPolicy, or another policy of the cluster, does not allow outbound traffic from these pods to the endpoint.',
      'An FQDN policy allows only addresses that the pod looked up through the DNS proxy of the cluster.',
      'The rules of the endpoint do not allow the address range of the pods.',
      'The fault affects only some pods or nodes.',
      'None of these.'
    ])
    expect(found.length).toBe(stepsFor({ id: 'no-answer-to-syn' }, target).length + 4)
  })

  test('ndots and NodeLocal DNSCache are among the candidates of a name', () => {
    const libc = causes('libc-knows-no-such-name')
    expect(libc).toContainEqual(expect.stringMatching(/^With `ndots` set to 5/))
    expect(libc).toContainEqual(expect.stringMatching(/^NodeLocal DNSCache/))
    expect(causes('zone-not-visible')).toContainEqual(expect.stringMatching(/^NodeLocal DNSCache/))
  })

  test('ndots is no candidate where libc tries the host first', () => {
    const libc = causes('libc-knows-no-such-name', { ...pod, ndots: target.host.split('.').length - 1 })
    expect(libc).not.toContainEqual(expect.stringMatching(/^With `ndots`/))
  })

  test('doctor in a pod of a client is one command, with the image', () => {
    const runs = stepsFor({ id: 'no-answer-to-syn' }, target, pod).flatMap(({ run }) => run ?? [])
    expect(runs).toContain(
      `kubectl debug --namespace <clients-namespace> <clients-pod> --image <image> --profile restricted --stdin --tty -- node probe/doctor/doctor.ts https://${target.host}:${target.port}`
    )
  })

  test('every step of the cloud stays, in its order', () => {
    for (const entry of entries) {
      const onCloud = stepsFor(entry, target)
      expect(stepsFor(entry, target, pod).filter(step => onCloud.some(each => each.do === step.do))).toEqual(onCloud)
    }
  })

  test('nothing is said of Kubernetes to a machine that is no pod', () => {
    expect(JSON.stringify([...catalogue, ...findings].map(entry => stepsFor(entry, target)))).not.toContain('kubectl')
  })

  test('each command has the names of the pod, or placeholders, and hands values over as they are', async () => {
    await using sh = await shellWithWitnesses('kubectl', 'getent', 'grep', 'paste')
    const value = "x'; touch done; $(touch done) #"
    const hostile = { name: value, namespace: value, ndots: 15 }
    const commands = (from: Pod) =>
      entries
        .flatMap(entry => podRemedies[entry.id]?.(from, { ...target, host: value }) ?? [])
        .flatMap(({ run }) => run ?? [])
    const filledIn = new Set(commands(hostile).map(each => each.replaceAll(/<[a-z-]+>/g, 'client')))
    for (const command of filledIn) {
      const calls = await sh.run(command)
      if (command.includes('touch done')) expect(calls.flat(), command).toContainEqual(expect.stringContaining(value))
      expect(calls.flat(), command).not.toEqual([])
    }
    expect(filledIn.size).toBeGreaterThan(5)
    expect(commands(unnamed).join('\n')).not.toContain('undefined')
  })
})
