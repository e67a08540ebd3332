import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { z } from 'zod'
import { longStep, samplesJudged, samplesUp } from '../../dashboards/alerts/availability.ts'
import { probeLabels } from '../../dashboards/alerts/series-labels.ts'
import { generated } from '../../dashboards/generated.ts'
import type { CaseId } from '../../probe/cases/catalogue.ts'
import type { FindingId } from '../../probe/cases/findings.ts'
import { type Fault, faults } from '../lab/faults.ts'
import { type Lab, labTools, openLab } from '../lab/lab.ts'
import { places, port } from '../lab/state.ts'
import { writtenScrapeConfigs } from '../support/scrape-configs.ts'
import { deployedScrapeConfigs, jobFor } from '../support/scrape-jobs.ts'
import { testWith } from '../support/test-with.ts'
import { fastPace, type Monitoring, startMonitoring } from './monitoring.ts'

const test = testWith(...labTools, 'prometheus', 'alertmanager')

const patience = { timeout: 60_000, interval: 200 }
const rules = generated(fastPace.settings)['generated/rules.yaml'] ?? ''

/** From a fault in a real network to what somebody reads who is woken: nothing in between is played. */
describe('in a network with real DNS servers and packet filters, watched by Prometheus and Alertmanager,', () => {
  let lab: Lab
  let monitoring: Monitoring
  /** Notifications that came since the fault was switched on. */
  let seen = 0
  const fresh = () => monitoring.notifications.slice(seen)
  const pages = () => fresh().filter(({ path }) => path === '/pages')
  /** But for that the link flaps: it does, from one of these tests to the next. */
  const tickets = () =>
    fresh().filter(({ path, body }) => path === '/tickets' && !body.groupKey.includes('PrivateLinkFlapping'))
  /** But for that the link fails now and then: it does, from one of these tests to the next, and for 30 rounds after them. */
  const firingIn = (all: ReturnType<typeof pages>) =>
    all.flatMap(({ body }) =>
      body.alerts.filter(
        ({ status, labels }) =>
          status === 'firing' && labels.environment === 'lab' && labels.alertname !== 'PrivateLinkIntermittent'
      )
    )
  const firing = () => firingIn(pages())
  /** As the last page has it: a fault in the middle of a round is another case at first. */
  const firingNow = () => firingIn(pages().slice(-1))

  const config = () => {
    const { target } = lab.state
    const second = { ...target, name: 'lab/images/in01-2' }
    return { targets: [target, second], probes: 1 }
  }
  const breakIt = async (name: Fault['name']) => {
    const fault = faults.find(each => each.name === name)
    if (fault === undefined) throw new Error(`the lab has no fault "${name}"`)
    seen = monitoring.notifications.length
    await lab.set(fault.set(lab.state, lab.identities))
  }
  const healed = async () => {
    await lab.heal()
    await expect.poll(firingNow, patience).toEqual([])
  }

  beforeAll(async () => {
    lab = await openLab()
    monitoring = await startMonitoring(lab.client, { ...config(), ca: lab.ca }, fastPace)
  })
  afterAll(async () => {
    await monitoring?.[Symbol.asyncDispose]()
    await lab?.[Symbol.asyncDispose]()
  })

  test('nobody is woken while all is well', async () => {
    await sleep(8000)
    expect(monitoring.notifications).toEqual([])
  })

  const wakes: readonly {
    readonly fault: Fault['name']
    readonly alert: string
    readonly is: { readonly case?: CaseId; readonly finding?: FindingId }
    readonly remedy: string
  }[] = [
    {
      fault: 'the private zone is not associated with the network',
      alert: 'PrivateLinkNameOrServiceNotKnown',
      is: { case: 'zone-not-visible' },
      remedy: 'aws route53 associate-vpc-with-hosted-zone'
    },
    {
      fault: "the endpoint's security group lets nobody in, or it was not accepted",
      alert: 'PrivateLinkTimeout',
      is: { case: 'no-answer-to-syn' },
      remedy: `aws ec2 authorize-security-group-ingress --region us-west-2 --group-id <security-group-id> --protocol tcp --port ${port}`
    },
    {
      fault: 'the zone is not associated, and the public DNS knows the host',
      alert: 'PrivateLinkNotPrivate',
      is: { case: 'resolves-public' },
      remedy: 'aws route53 associate-vpc-with-hosted-zone'
    },
    {
      fault: 'one availability zone is dead',
      alert: 'PrivateLinkAddressFails',
      is: { finding: 'address-fails' },
      remedy: 'aws ec2 describe-network-interfaces --region us-west-2'
    }
  ]
  test.for(wakes)(
    '$fault: $alert wakes somebody, once for both hosts, and ends when it has healed',
    async ({ fault, alert, is, remedy }) => {
      await breakIt(fault)
      await expect.poll(() => firing().length, patience).toBeGreaterThan(0)
      const isSettled = () =>
        firingNow().length > 0 && firingNow().every(({ labels }) => isDeepStrictEqual({ ...labels, ...is }, labels))
      await expect.poll(isSettled, patience).toBe(true)
      await sleep(2000 * fastPace.groupInterval)
      expect(new Set(firingNow().map(({ labels }) => labels.alertname))).toEqual(new Set([alert]))
      expect(new Set(firingNow().map(({ labels }) => labels.target))).toEqual(
        new Set(['lab/search/in01-840ec44485bf25d', 'lab/images/in01-2'])
      )
      for (const { labels, annotations } of firingNow()) {
        expect(labels).toMatchObject({ ...is, environment: 'lab', cloud: 'aws', severity: 'critical' })
        expect(annotations).toMatchObject({
          remedy: expect.stringContaining(remedy),
          seen_from: '127.0.0.1:9815',
          runbook_url: expect.stringMatching(new RegExp(`/user/runbooks/${alert}\\.md$`))
        })
      }
      expect(new Set(pages().map(({ body }) => body.groupKey)).size).toBe(1)
      await healed()
      expect(tickets()).toEqual([])
    }
  )

  test('a change of case is told in the page that is open, which does not end in between', async () => {
    await breakIt("the endpoint's security group lets nobody in, or it was not accepted")
    await expect.poll(() => firing().length, patience).toBeGreaterThan(0)
    const isTold = (id: CaseId) => firing().some(({ labels }) => labels.case === id)
    expect(isTold('tls-silent')).toBe(false)
    const { 'zone-a': zoneA, 'zone-b': zoneB, ...others } = lab.state.services
    const silent = { kind: 'tcp', greeting: 'silence' } as const
    await lab.set({ ...lab.state, rules: {}, services: { ...others, 'zone-a': silent, 'zone-b': silent } })
    await expect.poll(() => isTold('tls-silent'), patience).toBe(true)
    expect(pages().map(({ body }) => body.status)).not.toContain('resolved')
    expect(new Set(pages().map(({ body }) => body.groupKey)).size).toBe(1)
    await healed()
  })

  test('the runbook that an alert leads to is there', async () => {
    await breakIt('nothing listens on the port')
    await expect.poll(() => firing().length, patience).toBeGreaterThan(0)
    const [alert] = firing()
    const { pathname } = new URL(alert?.annotations.runbook_url ?? '')
    expect(await monitoring.get(`http://127.0.0.1:9090${pathname}`)).toContain('# PrivateLinkConnectionRefused')
    await healed()
  })

  test('the probe killed wakes somebody, once, and ends when it is back', { timeout: 200_000 }, async () => {
    seen = monitoring.notifications.length
    await monitoring.killProbe()
    const minutes = { timeout: 100_000, interval: 500 }
    await expect.poll(() => firing().map(({ labels }) => labels.alertname), minutes).toEqual(['PrivateLinkProbeGone'])
    await monitoring.startProbe()
    await expect.poll(() => pages().at(-1)?.body.status, patience).toBe('resolved')
    expect(tickets()).toEqual([])
  })

  test('who is woken gets no warning about the same host, but those about others', async () => {
    seen = monitoring.notifications.length
    const [host, other] = [
      { environment: 'prod', target: 'prod/search/in01-1' },
      { environment: 'prod', target: 'prod/search/in01-2' }
    ]
    const warning = { alertname: 'PrivateLinkFinding', severity: 'warning' }
    await monitoring.raise({ alertname: 'PrivateLinkTimeout', severity: 'critical', ...host })
    await monitoring.raise({ ...warning, ...host }, { ...warning, ...other })
    const told = (where: string) =>
      fresh().flatMap(({ path, body }) => (path === where ? body.alerts.map(({ labels }) => labels.target) : []))
    await expect.poll(() => told('/tickets'), patience).toContain(other.target)
    await sleep(2000 * fastPace.groupInterval)
    expect(told('/pages')).toContain(host.target)
    expect(told('/tickets')).not.toContain(host.target)
  })

  testWith(
    ...labTools,
    'prometheus',
    'alertmanager',
    'terraform'
  )(
    'every shipped scrape config raises the same alerts with the same labels, whatever labels are added to it',
    { timeout: 200_000 },
    async () => {
      const shipped = [...writtenScrapeConfigs(), ...(await deployedScrapeConfigs())]
      expect(shipped.length).toBeGreaterThan(6)
      const added = [...probeLabels, 'cluster'].map(label => ({
        target_label: label,
        replacement: label === 'cloud' ? 'gcp' : 'other'
      }))
      const Alerts = z.object({
        alerts: z.array(
          z.object({
            state: z.string(),
            labels: z.record(z.string(), z.string()),
            annotations: z.record(z.string(), z.string())
          })
        )
      })
      /** The alerts about hosts that fire now, without the names of the probes, which differ by job, and that of this Prometheus. */
      const raised = async ({ ask }: Pick<Monitoring, 'ask'>) =>
        Alerts.parse(await ask('alerts', {}))
          .alerts.filter(
            ({ state, labels }) => state === 'firing' && labels.alertname === 'PrivateLinkNameOrServiceNotKnown'
          )
          .map(({ labels, annotations: { seen_from: _, runbook_url: __, ...annotations } }) => ({
            labels,
            annotations
          }))
          .toSorted((one, other) => JSON.stringify(one.labels).localeCompare(JSON.stringify(other.labels)))
      await using stack = new AsyncDisposableStack()
      const others = await Promise.all(
        shipped.map(async ({ where, config: job }, index) => ({
          where,
          prometheus: stack.use(
            await monitoring.alongside(9190 + index, [jobFor('127.0.0.1:9815', 'privatelink', job, added)])
          )
        }))
      )
      await breakIt('the private zone is not associated with the network')
      await expect.poll(async () => (await raised(monitoring)).length, patience).toBe(2)
      const expected = await raised(monitoring)
      expect(expected.map(({ labels }) => labels)).toMatchObject([
        { environment: 'lab', cloud: 'aws', case: 'zone-not-visible' },
        { environment: 'lab', cloud: 'aws', case: 'zone-not-visible' }
      ])
      for (const { where, prometheus } of others) {
        await expect.poll(() => raised(prometheus), { ...patience, message: where }).toEqual(expected)
      }
      await healed()
    }
  )

  describe('while something is wrong and something was found,', () => {
    const Vector = z.object({ result: z.array(z.unknown()) })

    beforeAll(async () => {
      // Another resolver, and a host on a port where nothing listens, in an environment of its own.
      const broken = { ...lab.state.target, name: 'other/broken/in01-3', environment: 'other', port: 1 }
      const resolvers = [
        { name: 'vpc', address: places.vpc },
        { name: 'forwarder', address: places.forwarder }
      ]
      await monitoring.configure({ ...config(), targets: [...config().targets, broken], resolvers })
      await breakIt('one availability zone is dead')
      // The availability's rules are evaluated once a minute.
      await sleep(70_000)
    }, 200_000)

    const series = async (query: string) => Vector.parse(await monitoring.ask('query', { query })).result.length

    for (const name of ['overview', 'target']) {
      test(`every query of the board ${name} returns series`, async () => {
        const { panels, annotations } = JSON.parse(generated(fastPace.settings)[`generated/${name}.json`] ?? '')
        const asked: string[] = [...panels, ...(annotations.list ?? [])].flatMap(
          (each: { targets?: { expr: string }[]; expr?: string }) =>
            each.targets?.map(({ expr }) => expr) ?? (each.expr === undefined ? [] : [each.expr])
        )
        expect(asked.length).toBeGreaterThan(15)
        const empty: string[] = []
        for (const each of asked) {
          const query = each
            .replaceAll('$environment', '.*')
            .replaceAll('$target', name === 'target' ? 'other/broken/in01-3' : '')
            .replaceAll('$__rate_interval', '1m')
            .replaceAll('$__range', '5m')
          const healthy = query.replaceAll('other/broken/in01-3', lab.state.target.name)
          if ((await series(query)) + (await series(healthy)) === 0) empty.push(each)
        }
        // What is there for a moment only: the case became another ten seconds ago. No cloud is asked here, but in the lab's own test.
        const absent = /offset 10s|privatelink_cause\b/
        expect(empty.filter(query => !absent.test(query))).toEqual([])
      })
    }

    test('every expression of a rule is one, and every metric that it names has series', async () => {
      const Groups = z.object({
        groups: z.array(
          z.object({
            rules: z.array(z.looseObject({ name: z.string(), health: z.string(), lastError: z.string().optional() }))
          })
        )
      })
      const { groups } = Groups.parse(await monitoring.ask('rules', {}))
      const all = groups.flatMap(group => group.rules)
      expect(all.length).toBeGreaterThan(100)
      // A step is recorded when it ends.
      const later: ReadonlySet<string> = new Set([samplesUp(longStep), samplesJudged(longStep)])
      expect(all.filter(({ name, health }) => health !== 'ok' && !later.has(name))).toEqual([])
      const named = new Set(
        [...rules.matchAll(/\b(?:view_|target_|target:)?[a-z_:]*privatelink_\w+(?::\w+)?/g)].map(([name]) => name)
      )
      // Nothing holds a verdict here, and no cloud is asked.
      const absent = new Set([...later, 'privatelink_verdict_held_by', 'privatelink_cause'])
      const missing: string[] = []
      for (const name of named.difference(absent)) if ((await series(`{__name__="${name}"}`)) === 0) missing.push(name)
      expect(missing).toEqual([])
    })

    test('every label that a query names is one that the probe or Prometheus gives', async () => {
      const known = new Set(z.array(z.string()).parse(await monitoring.ask('labels', {})))
      const texts = Object.entries(generated(fastPace.settings)).flatMap(([name, text]) =>
        name.startsWith('generated/') ? [text] : []
      )
      const lists = texts.flatMap(text =>
        [...text.matchAll(/\b(?:by|on|ignoring|without|group_left) \(([^)]*)\)/g)].map(([, list = '']) => list)
      )
      const named = new Set(lists.flatMap(list => list.split(', ')).filter(label => label !== ''))
      expect([...named].filter(label => !known.has(label) && label !== 'cause')).toEqual([])
    })
  })
})
