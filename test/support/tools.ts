import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The interpreter in the environment that `.ci/clients` makes. */
export const clientsPython = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'zilliz-privatelink/clients/bin/python'
)

/** The interpreter in the environment with the AWS CLI, which `.ci/clients` makes. */
export const awsCliPython = clientsPython.replace('/clients/bin/', '/aws-cli/bin/')

/** Where Go keeps the schemas of Google Cloud Managed Service for Prometheus, in its cache of modules. */
export const managedPrometheusSchemas =
  'github.com/!google!cloud!platform/prometheus-engine@v0.17.2/charts/operator/crds'

const tools = {
  terraform: {
    run: [process.env.TERRAFORM_BINARY_NAME ?? 'terraform', 'version'],
    install: 'Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install'
  },
  named: { run: ['named', '-v'], install: 'BIND 9: apt-get install bind9' },
  unbound: { run: ['unbound', '-V'], install: 'Unbound: apt-get install unbound' },
  dnsmasq: { run: ['dnsmasq', '--version'], install: 'dnsmasq: apt-get install dnsmasq-base' },
  nft: { run: ['nft', '--version'], install: 'nftables: apt-get install nftables' },
  ip: { run: ['ip', '-V'], install: 'iproute2: apt-get install iproute2' },
  promtool: { run: [process.env.PROMTOOL ?? 'promtool', '--version'], install: 'promtool: apt-get install prometheus' },
  go: {
    run: ['go', 'version'],
    install: 'the Go that test/prometheus3/go.mod names, or a later one: https://go.dev/dl'
  },
  prometheus: { run: ['prometheus', '--version'], install: 'Prometheus: apt-get install prometheus' },
  alertmanager: {
    run: ['prometheus-alertmanager', '--version'],
    install: 'Alertmanager: apt-get install prometheus-alertmanager'
  },
  amtool: { run: ['amtool', '--version'], install: 'amtool: apt-get install prometheus-alertmanager' },
  blackbox: {
    run: ['prometheus-blackbox-exporter', '--version'],
    install: 'the exporter: apt-get install prometheus-blackbox-exporter'
  },
  chromium: { run: ['chromium', '--version'], install: 'Chromium: apt-get install chromium' },
  debootstrap: { run: ['debootstrap', '--version'], install: 'debootstrap: apt-get install debootstrap' },
  cloudInit: { run: ['cloud-init', '--version'], install: 'cloud-init: apt-get install cloud-init' },
  systemdAnalyze: { run: ['systemd-analyze', '--version'], install: 'systemd: apt-get install systemd' },
  python: { run: ['python3', '--version'], install: 'Python 3: apt-get install python3' },
  actionlint: {
    run: ['actionlint', '-version'],
    install: 'actionlint: go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12'
  },
  managedPrometheus: {
    run: ['sh', '-c', `test -d "$(go env GOMODCACHE)/${managedPrometheusSchemas}"`],
    install: 'the schemas of its operator: go mod download github.com/GoogleCloudPlatform/prometheus-engine@v0.17.2'
  },
  helm: { run: ['helm', 'version'], install: 'Helm: go install helm.sh/helm/v4/cmd/helm@v4.3.1' },
  curl: { run: ['curl', '--version'], install: 'curl: apt-get install curl' },
  musl: { run: ['musl-gcc', '--version'], install: 'the compiler of musl: apt-get install musl-tools' },
  awsCli: { run: [awsCliPython, '-c', 'import awscli'], install: 'the AWS CLI: .ci/clients' },
  grpc: { run: [clientsPython, '-c', 'import grpc'], install: 'gRPC for Python: .ci/clients' },
  prometheusClient: {
    run: [clientsPython, '-c', 'import prometheus_client'],
    install: 'prometheus_client for Python: .ci/clients'
  },
  otlpProto: {
    run: [clientsPython, '-c', 'import opentelemetry.proto.metrics.v1.metrics_pb2'],
    install: 'the messages of OTLP for Python: .ci/clients'
  },
  moto: { run: [clientsPython, '-c', 'import moto.server'], install: 'moto for Python: .ci/clients' },
  storage: {
    run: [clientsPython, '-c', 'import gcp_storage_emulator'],
    install: 'the emulator of Cloud Storage: .ci/clients'
  },
  script: { run: ['script', '--version'], install: 'script: apt-get install bsdutils' },
  /** Not a program but a file system, in which a process's open files are seen. */
  procfs: { run: ['test', '-d', '/proc/self/fd'], install: 'nothing, but run on Linux' },
  /** Not a program but a right: Linux, and root in it. */
  namespaces: { run: ['unshare', '--net', 'true'], install: 'nothing, but run as root on Linux' }
}

/** A system tool that tests and the demo need. */
export type Tool = keyof typeof tools

/** Whether a tool is on the PATH. */
export function hasTool(tool: Tool): boolean {
  const [program = '', ...words] = tools[tool].run
  return spawnSync(program, words, { stdio: 'ignore', timeout: 30_000 }).status === 0
}

/** What to tell a person who lacks a tool. */
export function toInstall(tool: Tool): string {
  return `${tool} is not on the PATH; install ${tools[tool].install}`
}
