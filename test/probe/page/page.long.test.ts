import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, vi } from 'vitest'
import { usualSymptom } from '../../../dashboards/alerts/alert-of-case.ts'
import { catalogue } from '../../../probe/cases/catalogue.ts'
import { symptomWords } from '../../../probe/cases/symptoms.ts'
import { DeployOutputs } from '../../demo/deploy.ts'
import { type FaultName, faults } from '../../demo/faults.ts'
import { type DemoNetwork, openNetwork } from '../../demo/network.ts'
import { type Watching, watchNetwork } from '../../demo/watch.ts'
import { openBrowser } from '../../support/browser.ts'
import { testWith } from '../../support/test-with.ts'

const test = testWith('chromium')

const aws = 'dev/aws-us-west-2/in01-840ec44485bf25d'
const gcp = 'dev/gcp-us-west1/in01-61e949d971f841b'
const patience = { timeout: 20_000 }

/** What each fault of the demo comes to, and where the way breaks. */
const shows: Readonly<
  Record<FaultName, { target: string; case: string; shown?: string; breaksAt: string; command: string }>
> = {
  'record-deleted': {
    target: aws,
    case: 'record-missing',
    breaksAt: 'in01-840ec44485bf25d',
    command: 'aws route53 list-resource-record-sets --hosted-zone-id Z0CFJJD0BFQ120CMNFFQF'
  },
  'zone-detached': {
    target: aws,
    case: 'zone-not-visible',
    breaksAt: 'in01-840ec44485bf25d',
    command:
      'aws route53 associate-vpc-with-hosted-zone --hosted-zone-id Z0CFJJD0BFQ120CMNFFQF --vpc VPCRegion=us-west-2,VPCId=vpc-0d1e2f3a4b5c60718'
  },
  'security-group-closed': {
    target: aws,
    case: 'no-answer-to-syn',
    breaksAt: '10.20.1.170',
    command: 'aws ec2 authorize-security-group-ingress --region us-west-2 --group-id sg-059f050efe9b7a2a0'
  },
  'one-zone-dead': {
    target: aws,
    case: 'healthy',
    shown: 'address-fails',
    breaksAt: '10.20.2.241',
    command: 'aws ec2 describe-network-interfaces --region us-west-2 --filters Name=vpc-id,Values=vpc-0d1e2f3a4b5c60718'
  },
  'endpoint-pending': {
    target: gcp,
    case: 'no-answer-to-syn',
    breaksAt: '10.138.7.153',
    command: 'gcloud compute forwarding-rules describe zilliz-us-west1 --project search-dev --region us-west1'
  },
  'certificate-expired': {
    target: gcp,
    case: 'certificate-expired',
    breaksAt: 'TLS',
    command: 'openssl s_client -connect in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com:443'
  },
  'public-answer': {
    target: aws,
    case: 'resolves-public',
    breaksAt: 'in01-840ec44485bf25d',
    command: 'aws route53 list-hosted-zones-by-vpc --vpc-region us-west-2 --vpc-id vpc-0d1e2f3a4b5c60718'
  },
  'resolver-silent': {
    target: aws,
    case: 'resolver-silent',
    breaksAt: 'in01-840ec44485bf25d',
    command: 'aws ec2 describe-dhcp-options --region us-west-2'
  }
}

/** In the browser: what has the focus, and whether that is to be seen. Nothing where it has left the page. */
const focused = `(() => {
  const at = document.activeElement
  if (at === null || at === document.body) return ''
  return at.tagName.toLowerCase() + (getComputedStyle(at).outlineStyle === 'none' ? ' without a mark' : '')
})()`

describe('the page, in a browser,', () => {
  let browser: Browser
  let network: DemoNetwork
  let watching: Watching

  /** Opens it as somebody does, who is told of every error that the page has. */
  async function visit(path = '', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    page.on('pageerror', error => {
      throw error
    })
    page.on('console', message => {
      if (message.type() === 'error') throw new Error(message.text())
    })
    await page.goto(watching.url + path)
    return page
  }
  const article = (page: Page, target: string) => page.locator(`[id="full-${target}"]`)
  const row = (page: Page, target: string) => page.locator(`[id="row-${target}"]`)
  const caseOf = (target: string) => watching.daemon.standing(target)?.diagnosis.case.id
  /** Breaks it, and waits until the probe has seen so. */
  async function setFault(fault: FaultName): Promise<void> {
    network.toggle(fault)
    const { target, case: id } = shows[fault]
    await vi.waitFor(() => {
      const standing = watching.daemon.standing(target)
      const found = standing?.diagnosis.findings.some(({ finding }) => finding.id === 'address-fails')
      expect([standing?.diagnosis.case.id, fault === 'one-zone-dead' ? found : true]).toEqual([id, true])
    }, patience)
  }
  async function heal(fault: FaultName): Promise<void> {
    if (network.broken.has(fault)) network.toggle(fault)
    if (network.broken.size > 0) return
    await vi.waitFor(() => expect([caseOf(aws), caseOf(gcp)]).toEqual(['healthy', 'healthy']), patience)
  }
  /** For a test in which it breaks. */
  async function breakIt(fault: FaultName): Promise<void> {
    onTestFinished(() => heal(fault))
    await setFault(fault)
  }
  /** For tests in which it is broken from the first to the last, because to break it and to heal it takes longer than they do. */
  function whileBroken(fault: FaultName, tests: () => void): void {
    describe(`while it has ${fault},`, () => {
      beforeAll(() => setFault(fault))
      afterAll(() => heal(fault))
      tests()
    })
  }
  const violations = async (page: Page) => {
    const { violations: found } = await new AxeBuilder({ page }).analyze()
    return found.map(({ id, nodes }) => [id, nodes.map(({ html, any }) => [html, any.map(each => each.message)])])
  }

  beforeAll(async () => {
    const { dev } = DeployOutputs.parse(JSON.parse(await readFile('test/demo/deployed.json', 'utf8')))
    network = await openNetwork(dev)
    watching = await watchNetwork(network, { port: 0, onCaseChange: () => {} })
    browser = await openBrowser()
    await vi.waitFor(() => expect([caseOf(aws), caseOf(gcp)]).toEqual(['healthy', 'healthy']), patience)
  })
  afterAll(async () => {
    await browser?.close()
    await watching?.[Symbol.asyncDispose]()
    await network?.[Symbol.asyncDispose]()
  })

  const drawn = (fault: FaultName) =>
    test(`${fault} is drawn where it breaks, with case, symptom and commands`, async () => {
      const { target, case: id, shown: told = id, breaksAt, command } = shows[fault]
      const page = await visit()
      const shown = article(page, target)
      await expect.poll(() => shown.locator('.verdict code').first().textContent(), patience).toBe(told)
      const broken = shown.locator('.stop.bad', {
        has: page.locator('.title', { hasText: new RegExp(`^${breaksAt}$`) })
      })
      await expect.poll(() => broken.count(), patience).toBeGreaterThan(0)
      const judged = catalogue.find(each => each.id === id)
      if (judged !== undefined && judged.severity === 'critical') {
        expect(await broken.first().locator('.symptom').textContent()).toBe(
          `“${symptomWords[usualSymptom[judged.id]]}”`
        )
      }
      expect((await shown.locator('pre code').allTextContents()).join('\n')).toContain(command)
      expect(await row(page, target).textContent()).toContain(told)
    })
  const hasNoFaultOfAxe = () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 390]) {
        test(`has no fault that axe knows, ${colorScheme} and ${width} pixels wide`, async () => {
          const page = await visit('', { colorScheme, viewport: { width, height: 900 } })
          await page.locator('#live', { hasText: 'live' }).waitFor(patience)
          expect(await violations(page)).toEqual([])
        })
      }
    }
  }

  const aLinkThatFails = () => {
    test('on a phone the verdict and the first step are in the first screen', async () => {
      const page = await visit('', { viewport: { width: 390, height: 844 } })
      // The switches of the demo are not part of the probe's page.
      const switches = (await page.locator('.panel').boundingBox())?.height ?? 0
      for (const part of ['h3', '.verdict .words', '.verdict .steps li', '.verdict pre']) {
        const box = await article(page, aws).locator(part).first().boundingBox()
        expect(box, part).not.toBeNull()
        expect((box?.y ?? 0) + (box?.height ?? 0) - switches, part).toBeLessThan(844)
      }
    })

    test('the verdict comes before the path, and the steps after the first are folded', async () => {
      const page = await visit()
      const top = async (part: string) => (await article(page, aws).locator(part).first().boundingBox())?.y ?? 0
      expect(await top('.verdict')).toBeLessThan(await top('.path'))
      const visible = article(page, aws).locator('.verdict .steps > li').filter({ visible: true })
      expect(await visible.count()).toBe(1)
      await article(page, aws).locator('.verdict summary', { hasText: 'more steps' }).click()
      expect(await visible.count()).toBeGreaterThan(3)
    })

    test('nothing is open by itself: not at first, not after an update, and not after it breaks', async () => {
      const page = await visit(`?target=${aws}`)
      await page.locator('#live', { hasText: 'live' }).waitFor(patience)
      const checked = () => article(page, aws).locator('header time.ago').getAttribute('datetime')
      for (let updates = 0; updates < 2; updates++) {
        expect(await page.locator('details[open]').count()).toBe(0)
        const before = await checked()
        await expect.poll(checked, patience).not.toBe(before)
      }
      expect(await page.locator('details[open]').count()).toBe(0)
    })

    test('the path forks at the name: each address is one branch, from TCP to Zilliz Cloud', async () => {
      const page = await visit()
      const ways = article(page, aws).locator('.ways .way')
      expect(await ways.count()).toBe(2)
      for (const way of await ways.all()) expect(await way.locator('.stop').count()).toBe(3)
      const name = await article(page, aws).locator('.stop.name').boundingBox()
      const branches = await Promise.all((await ways.all()).map(way => way.boundingBox()))
      for (const branch of branches) expect(branch?.x).toBeGreaterThan((name?.x ?? 0) + (name?.width ?? 0))
      const title = article(page, aws).locator('.stop.name .title')
      expect([await title.textContent(), await title.getAttribute('title')]).toEqual([
        'in01-840ec44485bf25d',
        'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
      ])
    })

    test('an age is that of its moment, grows without an update, and has the exact time in its tooltip', async () => {
      const page = await visit('', { javaScriptEnabled: false })
      const time = article(page, aws).locator('header time.ago')
      expect(await time.textContent()).toMatch(/^\d+ s ago$/)
      expect(await time.getAttribute('title')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/)
      const live = await visit()
      await live.locator('#live', { hasText: 'live' }).waitFor(patience)
      // Without the probe's word, only the script can do it.
      await live.context().setOffline(true)
      const since = live.locator(`[id="full-${aws}"] header time`).first()
      const seconds = async () => Number.parseInt((await since.textContent()) ?? '', 10)
      const before = await since.textContent()
      expect(await seconds()).toBeGreaterThanOrEqual(0)
      await expect.poll(() => since.textContent(), patience).not.toBe(before)
    })

    test('the icon of the tab shows that a host fails, and the page prints without its controls', async () => {
      const page = await visit()
      await expect.poll(() => page.locator('#icon').getAttribute('href')).toContain(encodeURIComponent('#c9251f'))
      await page.emulateMedia({ media: 'print' })
      for (const control of ['#filter', '#live', '.panel', 'pre button']) {
        expect(await page.locator(control).filter({ visible: true }).count(), control).toBe(0)
      }
      // What is folded on the screen is on paper.
      expect(
        await article(page, aws).locator('.verdict .steps > li').filter({ visible: true }).count()
      ).toBeGreaterThan(3)
    })

    test('a command is copied by its button', async () => {
      const page = await visit('', { permissions: ['clipboard-read', 'clipboard-write'] })
      const pre = article(page, aws).locator('pre').first()
      await pre.getByRole('button', { name: 'Copy' }).click()
      await pre.getByRole('button', { name: 'Copied' }).waitFor(patience)
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await pre.locator('code').textContent())
    })

    test('everything that can be done is reached by the keyboard, in the order of the page', async () => {
      const page = await visit(`?target=${aws}`)
      await page.locator('pre button').first().waitFor(patience)
      const reached: string[] = []
      for (let times = 0; times < 80; times++) {
        await page.keyboard.press('Tab')
        const name = String(await page.evaluate(focused))
        if (name === '') break
        reached.push(name)
      }
      expect(reached.filter(name => name.endsWith('without a mark'))).toEqual([])
      const order = reached.filter((name, index) => name !== reached[index - 1])
      for (const kind of ['a', 'button', 'summary', 'pre', 'select', 'input']) expect(order, kind).toContain(kind)
      expect(order.indexOf('select')).toBeGreaterThan(order.indexOf('pre'))
    })

    test('fits a phone', async () => {
      const page = await visit('', { viewport: { width: 360, height: 740 } })
      const [wide, has] = (await page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]'
      )) as number[]
      expect(wide).toBeLessThanOrEqual(has ?? 0)
    })

    test('is whole without JavaScript: it is filtered by the probe, and reloads itself', async () => {
      const page = await visit('?cloud=aws', { javaScriptEnabled: false })
      expect(await article(page, aws).locator('.verdict').textContent()).toContain('“Connection timed out”')
      expect(await row(page, gcp).isVisible()).toBe(false)
      expect(await row(page, aws).isVisible()).toBe(true)
      expect(
        await page.locator('noscript meta[http-equiv=refresh], meta[http-equiv=refresh]').getAttribute('content')
      ).toBe('30')
      await page.locator('#filter [name=cloud]').selectOption('')
      await page.locator('#filter').getByRole('button', { name: 'Show' }).click()
      expect(await page.locator('#rows > li:not([hidden])').count()).toBe(2)
    })
  }

  for (const fault of Object.keys(faults) as FaultName[]) {
    whileBroken(fault, () => {
      drawn(fault)
      if (fault === 'security-group-closed') aLinkThatFails()
      if (fault !== 'one-zone-dead') return
      test('a degraded host is counted in amber, and its verdict is amber too', async () => {
        const page = await visit()
        expect(await page.locator('.counts .careful').textContent()).toBe('1 degraded')
        expect(await page.locator('.counts .bad').count()).toBe(0)
        expect(await article(page, aws).locator('.verdict.careful').count()).toBe(1)
      })
      hasNoFaultOfAxe()
      whileBroken('zone-detached', hasNoFaultOfAxe)
    })
  }

  test('all is well: a healthy host is one line, and nothing of it is shown in full', async () => {
    const page = await visit()
    await expect.poll(() => page.locator('#summary').textContent(), patience).toContain('2 hosts, all healthy')
    expect(await page.locator('article').count()).toBe(0)
    for (const target of [aws, gcp]) {
      const words = (await row(page, target).textContent())?.replaceAll(/\s+/g, ' ')
      expect(words).toMatch(/^✔in01-[0-9a-f]+ dev\/[a-z0-9-]+Healthyfor \d+ (s|min) /)
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 })
        expect((await row(page, target).boundingBox())?.height, `${width} pixels`).toBeLessThan(40)
      }
    }
  })

  test('all is well: every stop of a host in full is good, and nothing is to be done', async () => {
    const page = await visit(`?target=${aws}`)
    await article(page, aws).locator('.verdict.good').waitFor(patience)
    expect(await page.locator('.stop').count()).toBeGreaterThan(5)
    expect(await page.locator('.stop.bad, .stop.careful, .symptom').count()).toBe(0)
    expect(await page.locator('.verdict pre').count()).toBe(0)
  })

  test('what changes is seen without a reload, and what a person did stays', async () => {
    const page = await visit(`?target=${aws}`)
    await page.locator('#live', { hasText: 'live' }).waitFor(patience)
    await page.evaluate('window.sameDocument = true')
    await article(page, aws).locator('summary', { hasText: 'more' }).first().click()
    const opened = await article(page, aws).locator('details[open]').getAttribute('id')
    await page.locator('#filter [name=text]').focus()
    await breakIt('security-group-closed')
    await article(page, aws).locator('.verdict.bad').waitFor(patience)
    await page.locator('#rows > li').first().locator('code', { hasText: 'no-answer-to-syn' }).waitFor(patience)
    expect(await page.title()).toBe('2 hosts, 1 failing · Private links')
    expect(await page.evaluate('window.sameDocument && document.activeElement.name')).toBe('text')
    expect(await article(page, aws).locator('details[open]').count()).toBe(1)
    expect(await article(page, aws).locator('details[open]').getAttribute('id')).toBe(opened)
    network.toggle('security-group-closed')
    await article(page, aws).locator('.verdict.good').waitFor(patience)
    expect(await page.evaluate('window.sameDocument')).toBe(true)
  })

  test('a button of the demo breaks it, and the page comes back', async () => {
    const page = await visit()
    await page.getByRole('button', { name: 'endpoint-pending' }).click()
    onTestFinished(() => {
      if (network.broken.has('endpoint-pending')) network.toggle('endpoint-pending')
    })
    await page.locator('button[aria-pressed=true]', { hasText: 'endpoint-pending' }).waitFor(patience)
    await article(page, gcp).locator('.verdict.bad').waitFor(patience)
    await page.getByRole('button', { name: 'endpoint-pending' }).click()
    await row(page, gcp).and(page.locator('[data-state=healthy]')).waitFor(patience)
    await article(page, gcp).waitFor({ state: 'detached', ...patience })
  })

  describe('the filter', () => {
    test('shows what is asked for, in the address bar as well', async () => {
      const page = await visit()
      const visible = () => page.locator('#rows > li:not([hidden])').count()
      expect(await visible()).toBe(2)
      await page.locator('#filter [name=cloud]').selectOption('gcp')
      await expect.poll(visible, patience).toBe(1)
      expect(new URL(page.url()).search).toBe('?cloud=gcp')
      await page.locator('#filter [name=case]').selectOption('no-answer-to-syn')
      await page.locator('#none:not([hidden])').waitFor(patience)
      await page.reload()
      expect(await visible()).toBe(0)
      expect(await page.locator('#filter [name=case]').inputValue()).toBe('no-answer-to-syn')
      await page.locator('#filter [name=case]').selectOption('')
      await page.locator('#filter [name=cloud]').selectOption('')
      await page.locator('#filter [name=text]').fill('840ec')
      await expect.poll(visible, patience).toBe(1)
      expect(new URL(page.url()).search).toBe('?text=840ec')
    })

    test('stays as it is asked for while hosts change', async () => {
      const page = await visit('?cloud=gcp')
      await breakIt('security-group-closed')
      await row(page, aws)
        .locator('code', { hasText: 'no-answer-to-syn' })
        .waitFor({ state: 'attached', ...patience })
      expect(await row(page, aws).isVisible()).toBe(false)
      expect(await article(page, aws).count()).toBe(0)
    })
  })

  test('a name leads to its host in full, and one that there is not says so', async () => {
    const page = await visit()
    await row(page, gcp).getByRole('link').click()
    expect(new URL(page.url()).searchParams.get('target')).toBe(gcp)
    expect(await page.locator('article').count()).toBe(1)
    await page.goto(`${watching.url}?target=<b>nobody</b>`)
    expect(await page.locator('#shown').textContent()).toContain('No target is called <b>nobody</b>')
  })

  test('asks nobody else, and runs nothing that is not its own', async () => {
    const page = await visit()
    const hosts = new Set<string>()
    page.on('request', request => hosts.add(new URL(request.url()).host))
    const response = await page.reload()
    expect([...hosts]).toEqual([new URL(watching.url).host])
    const policy = response?.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  })
})
