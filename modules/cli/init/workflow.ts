import { dump } from 'js-yaml'
import type { PinnedAction } from '../../starter.ts'
import { clouds } from '../../starters.ts'
import type { WrittenEnvironment } from './written-environment.ts'

const checkout: PinnedAction = {
  action: 'actions/checkout',
  commit: '08c6903cd8c0fde910a37f88322edcfb5dd907a8',
  version: 'v5.0.0'
}
const setUpNode: PinnedAction = {
  action: 'actions/setup-node',
  commit: '820762786026740c76f36085b0efc47a31fe5020',
  version: 'v7.0.0'
}
const setUpTerraform: PinnedAction = {
  action: 'hashicorp/setup-terraform',
  commit: 'b9cd54a3c349d3f38e8881555d616ced269862dd',
  version: 'v3.1.2'
}

/** A Terraform that all stacks accept. */
const terraformVersion = '1.11.4'

/**
 * A workflow of GitHub that plans every environment on a pull request, and deploys it after a merge to main. It has no key of a
 * cloud: each job logs in with its own identity, and pull requests of forks get none.
 *
 * @param folder the path of the project in its repository. @default - the project is the repository
 */
export function workflow(environments: readonly WrittenEnvironment[], folder?: string): string {
  const text = dump(
    {
      name: 'private-links',
      on: { pull_request: { branches: ['main'] }, push: { branches: ['main'] } },
      permissions: {},
      ...(folder === undefined ? {} : { defaults: { run: { 'working-directory': folder } } }),
      jobs: {
        check: {
          ...machine,
          permissions: { contents: 'read' },
          steps: [...prepared(), { run: 'npm run check' }, { run: 'npm run synth' }]
        },
        ...Object.fromEntries(environments.flatMap(each => [planJob(each), deployJob(each)]))
      }
    },
    { lineWidth: -1, noRefs: true }
  )
  return `# Plans each environment on a pull request, and deploys it after a merge to main.
# README.md lists the variables that the logins need.
${withVersions(text)}`
}

/** Says after each commit of an action which version it is, which a dump of data cannot. */
function withVersions(text: string): string {
  const actions = [checkout, setUpNode, setUpTerraform, ...Object.values(clouds).map(({ action }) => action)]
  return actions.reduce(
    (lines, action) => lines.replaceAll(pinned(action), `${pinned(action)} # ${action.version}`),
    text
  )
}

const machine = { 'runs-on': 'ubuntu-24.04', 'timeout-minutes': 30 }

const prepared = () => [
  { uses: pinned(checkout), with: { 'persist-credentials': false } },
  { uses: pinned(setUpNode), with: { 'node-version': 24, 'package-manager-cache': false } },
  { run: 'npm ci' }
]

function planJob(environment: WrittenEnvironment) {
  return [
    `plan-${environment.name}`,
    {
      needs: 'check',
      // GitHub gives a fork and Dependabot no identity anyway; the job says so.
      if: "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]'",
      ...machine,
      permissions: { contents: 'read', 'id-token': 'write' },
      steps: [
        ...withTerraform(environment, 'plan'),
        { run: `npm run plan -- ${environment.name}`, ...keyFor(environment) }
      ]
    }
  ]
}

function deployJob(environment: WrittenEnvironment) {
  const { name } = environment
  const wait = isByApi(environment) ? ' --wait' : ''
  return [
    `deploy-${name}`,
    {
      needs: 'check',
      if: "github.event_name == 'push'",
      environment: name,
      // A deploy that has begun is never canceled: it has the state locked.
      concurrency: { group: `deploy-${name}`, 'cancel-in-progress': false },
      ...machine,
      permissions: { contents: 'read', 'id-token': 'write' },
      steps: [
        ...withTerraform(environment, 'deploy'),
        { run: `npm run deploy -- ${name} --auto-approve${wait}`, ...keyFor(environment) }
      ]
    }
  ]
}

function withTerraform({ cloud, name, link }: WrittenEnvironment, purpose: 'plan' | 'deploy') {
  const { action, login } = clouds[cloud]
  return [
    ...prepared(),
    {
      name: 'Require a state that outlives this machine',
      run: [
        'npm run synth',
        `if jq --exit-status .terraform.backend.local "cdktf.out/stacks/${name}/cdk.tf.json" >/dev/null; then`,
        `  echo "::error::environments/${name}.ts: backend: must be a bucket, got a local file. Give the bucket."`,
        '  exit 1',
        'fi',
        ''
      ].join('\n')
    },
    {
      uses: pinned(setUpTerraform),
      with: { terraform_version: terraformVersion, terraform_wrapper: false }
    },
    { uses: pinned(action), with: login(link, purpose) }
  ]
}

function isByApi({ link }: WrittenEnvironment): boolean {
  return link.zilliz !== undefined
}

/** The key of Zilliz Cloud, where it is needed. */
function keyFor(environment: WrittenEnvironment) {
  return isByApi(environment) ? { env: { ZILLIZCLOUD_API_KEY: '${{ secrets.ZILLIZCLOUD_API_KEY }}' } } : {}
}

function pinned({ action, commit }: PinnedAction): string {
  return `${action}@${commit}`
}
