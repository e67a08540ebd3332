import { expect, test } from 'vitest'
import { readEnvironments } from '../../../modules/environment/read-environments.ts'
import { MistakesError } from '../../../modules/mistakes.ts'
import { awsLink, awsProbe, environment, gcpLink, gcpProbe } from '../literals.ts'

function linesOf(links: object): readonly string[] {
  try {
    readEnvironments([{ ...environment, links }])
  } catch (error) {
    if (error instanceof MistakesError) return error.mistakes
    throw error
  }
  return []
}

const wholeInternet = 'lets every address read the metrics'
const whoScrapes = 'Name where Prometheus connects from.'

for (const { when, change, line } of [
  {
    when: 'nobody is to scrape it',
    change: { scrapeFrom: [] },
    line: `.scrapeFrom: must not be empty. ${whoScrapes}`
  },
  {
    when: 'it is not said who scrapes it',
    change: { scrapeFrom: undefined },
    line: '.scrapeFrom: is missing. Give a list.'
  },
  {
    when: 'everybody may scrape it',
    change: { scrapeFrom: ['0.0.0.0/0'] },
    line: `.scrapeFrom[0]: ${wholeInternet}, got "0.0.0.0/0". ${whoScrapes}`
  },
  {
    when: 'everybody with IPv6 may scrape it',
    change: { scrapeFrom: ['10.20.0.0/16', '::/0'] },
    line: `.scrapeFrom[1]: ${wholeInternet}, got "::/0". ${whoScrapes}`
  },
  {
    when: 'one source is named twice',
    change: { scrapeFrom: ['10.20.0.0/16', '10.20.0.0/16'] },
    line: '.scrapeFrom[1]: names 10.20.0.0/16 again. Remove it: scrapeFrom[0] has it already.'
  },
  {
    when: 'its port is one of a host',
    change: { port: 19532 },
    line: '.port: is the port of in01-9c3d7e8f1a2b4c6-privatelink.aws-us-west-2.vectordb.zillizcloud.com, got 19532. Give the probe another, so that rules tell the two apart.'
  },
  {
    when: 'it has a role of its own and a boundary for another',
    change: {
      executionRoleArn: 'arn:aws:iam::123456789012:role/probe',
      permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary'
    },
    line: '.permissionsBoundaryArn: has no meaning with executionRoleArn, got "arn:aws:iam::123456789012:policy/boundary". Remove one of them.'
  },
  {
    when: 'its boundary is a role',
    change: { permissionsBoundaryArn: 'arn:aws:iam::123456789012:role/probe' },
    line: '.permissionsBoundaryArn: must be the ARN of a policy such as arn:aws:iam::123456789012:policy/zilliz-privatelink-probe, got "arn:aws:iam::123456789012:role/probe". Copy it from the policy\'s page in the IAM console.'
  },
  {
    when: 'its port needs root',
    change: { port: 443 },
    line: '.port: must be from 1024 to 65535. The probe does not run as root.'
  },
  {
    when: 'its image has no tag',
    change: { image: 'registry.example.com:5000/privatelink-probe' },
    line: '.image: has neither tag nor digest, got "registry.example.com:5000/privatelink-probe". Append the version, such as :1.0.0.'
  },
  {
    when: 'its image is whichever is latest',
    change: { image: 'registry.example.com/privatelink-probe:latest' },
    line: '.image: must have a tag that stays, got "registry.example.com/privatelink-probe:latest". Give a version or a digest.'
  },
  {
    when: 'its image has no registry',
    change: { image: 'privatelink-probe:1.0.0' },
    line: '.image: must be an image with its registry and tag such as registry.example.com/privatelink-probe:1.0.0, got "privatelink-probe:1.0.0". Copy it from what `docker push` printed, or from the registry\'s page.'
  },
  {
    when: 'a placeholder is left in its image',
    change: { image: '<account>.dkr.ecr.us-west-2.amazonaws.com/privatelink-probe:1.0.0' },
    line: '.image: still holds the placeholder <account>, got "<account>.dkr.ecr.us-west-2.amazonaws.com/privatelink-probe:1.0.0". Put the real value in its place.'
  },
  {
    when: 'it is in no subnet',
    change: { subnetIds: [] },
    line: ".subnetIds: must not be empty. Leave the key out for the link's own subnets."
  },
  {
    when: 'its logs are kept for a time that CloudWatch Logs does not know',
    change: { logRetentionDays: 31 },
    line: '.logRetentionDays: must be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653, got 31'
  },
  {
    when: 'its processor is called by another name',
    change: { cpuArchitecture: 'arm64' },
    line: '.cpuArchitecture: must be "X86_64" or "ARM64", got "arm64"'
  },
  {
    when: 'a key is misspelled',
    change: { scrapefrom: ['10.20.0.0/16'] },
    line: ': unknown key "scrapefrom". Did you mean "scrapeFrom"?'
  }
]) {
  test(`a probe on AWS is refused with one line when ${when}`, () => {
    expect(linesOf({ search: { ...awsLink, probe: { ...awsProbe, ...change } } })).toEqual([
      `test: links.search.probe${line}`
    ])
  })
}

for (const { when, change, line } of [
  {
    when: 'a zone is not in the region of the link',
    change: { zones: ['us-west1-a', 'us-east1-b'] },
    line: '.zones[1]: is not in us-west1, where the link\'s subnet is, got "us-east1-b". Give zones of us-west1.'
  },
  {
    when: 'a zone is a region',
    change: { zones: ['us-west1'] },
    line: '.zones[0]: must be a zone such as us-west1-a, got "us-west1". Give a region with the letter of a zone behind it.'
  },
  {
    when: 'it is in no zone',
    change: { zones: [] },
    line: '.zones: must not be empty. Name the zones that your clients run in.'
  },
  {
    when: 'everybody may scrape it',
    change: { scrapeFrom: ['0.0.0.0/0'] },
    line: `.scrapeFrom[0]: ${wholeInternet}, got "0.0.0.0/0". ${whoScrapes}`
  },
  {
    when: 'who may scrape it is an address in a network',
    change: { scrapeFrom: ['10.20.0.1/16'] },
    line: '.scrapeFrom[0]: must be a network, not an address in it, got "10.20.0.1/16". Write 10.20.0.0/16.'
  },
  {
    when: 'its port is that of the host',
    change: { port: 1024 },
    hosts: ['https://in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com:1024'],
    line: '.port: is the port of in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com, got 1024. Give the probe another, so that rules tell the two apart.'
  }
]) {
  test(`a probe on Google Cloud is refused with one line when ${when}`, () => {
    const hosts = change.port === undefined ? gcpLink.hosts : [gcpLink.hosts[0]?.replace(/:443$/, `:${change.port}`)]
    expect(linesOf({ papers: { ...gcpLink, hosts, probe: { ...gcpProbe, ...change } } })).toEqual([
      `test: links.papers.probe${line}`
    ])
  })
}

test('a probe whose firewall rule would have too long a name is refused', () => {
  const endpointPrefix = 'a'.repeat(42)
  expect(linesOf({ papers: { ...gcpLink, endpointPrefix, probe: gcpProbe } })).toEqual([
    `test: links.papers.endpointPrefix: makes the name ${endpointPrefix}-us-west1-probe-scrape, 1 characters longer than the 63 that Google Cloud takes, got "${endpointPrefix}". Shorten it.`
  ])
})

test('two probes of one environment in one network are refused, for each would watch the hosts of both', () => {
  const other = { ...awsLink, hosts: [], probe: awsProbe }
  expect(linesOf({ search: { ...awsLink, probe: awsProbe }, more: other })).toEqual([
    'test: links.more: owns the probe of test in vpc-0a1b2c3d4e5f60718, and so does test: links.search. Take probe out of one of them, the other watches the hosts of both.'
  ])
  const apart = { ...other, vpcId: 'vpc-0a1b2c3d4e5f60799' }
  expect(linesOf({ search: { ...awsLink, probe: awsProbe }, more: apart })).toEqual([])
})

for (const image of [
  '123456789012.dkr.ecr.us-west-2.amazonaws.com/team/privatelink-probe:1.0.0',
  'ghcr.io/example/privatelink-probe:v1.2.3-rc.1',
  `registry.example.com:5000/a/b_c/privatelink-probe@sha256:${'0'.repeat(64)}`,
  `europe-docker.pkg.dev/search-test/containers/privatelink-probe:1.0.0@sha256:${'a'.repeat(64)}`
]) {
  test(`an image is read: ${image}`, () => {
    expect(linesOf({ search: { ...awsLink, probe: { ...awsProbe, image } } })).toEqual([])
  })
}
