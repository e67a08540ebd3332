import { inspect } from 'node:util'
import packageFile from '../../../package.json' with { type: 'json' }
import { clouds } from '../../starters.ts'
import type { NewFile } from './folder.ts'
import { commonQuestions } from './given.ts'
import { type OwnDependency, vendorFolder } from './own-dependency.ts'
import { workflow } from './workflow.ts'
import { hasPlaceholder, isPlaceholder, type WrittenEnvironment } from './written-environment.ts'

/** What a new project is made of. */
export interface NewProject {
  /** The name of its folder. */
  readonly folderName: string
  readonly environments: readonly WrittenEnvironment[]
  readonly dependency: OwnDependency
  /** Its path in the repository that it is a part of. @default - it is a repository of its own */
  readonly pathInRepository?: string | undefined
}

/** The command that runs the program of a project. Node runs TypeScript by itself, outside of `node_modules`. */
export const appCommand = ['node', '--disable-warning=DEP0044', '--disable-warning=ExperimentalWarning', 'main.ts']

/** The earliest Node that runs TypeScript without an option. */
export const nodeForTypeScript = '22.18'

/** Where the workflow is, from the root of the repository. */
export const workflowFile = '.github/workflows/private-links.yml'

/** The files of a new project by path. */
export function projectFiles(project: NewProject): ReadonlyMap<string, NewFile> {
  const { environments, dependency, pathInRepository } = project
  return new Map<string, NewFile>([
    ['package.json', json(packageOf(project))],
    ['cdktf.json', json(cdktfOf(project))],
    ['tsconfig.json', json(tsconfig)],
    ['.gitignore', ignored],
    ['README.md', readme(project)],
    ['main.ts', mainFile(environments)],
    ...environments.map(each => [`environments/${each.name}.ts`, environmentFile(each)] as const),
    [workflowFile, workflow(environments, pathInRepository)],
    ...(dependency.tarball === undefined
      ? []
      : [[dependency.spec.slice('file:'.length), { copyOf: dependency.tarball }] as const])
  ])
}

/** A name that npm accepts. */
function packageName({ folderName }: NewProject): string {
  const name = folderName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100)
  return name === '' ? 'private-links' : name
}

function packageOf(project: NewProject) {
  const { devDependencies: tested, name } = packageFile
  return {
    name: packageName(project),
    private: true,
    type: 'module',
    engines: { node: `>=${nodeForTypeScript}` },
    scripts: {
      check: 'tsc',
      synth: 'exec cdktn synth',
      plan: 'exec cdktn diff',
      deploy: `exec ${name} deploy`,
      destroy: `exec ${name} destroy`,
      links: `exec ${name} links`,
      doctor: `exec ${name} doctor`,
      start: `exec ${name} probe`
    },
    dependencies: {
      ...bindings(project),
      cdktf: tested.cdktf,
      constructs: tested.constructs,
      [name]: project.dependency.spec
    },
    devDependencies: {
      '@types/node': tested['@types/node'],
      'cdktn-cli': tested['cdktn-cli'],
      typescript: tested.typescript
    }
  }
}

/** Those of the clouds of the environments: bindings are hundreds of megabytes. */
function bindings({ environments }: NewProject): Readonly<Record<string, string>> {
  const tested = new Map(Object.entries(packageFile.devDependencies))
  return Object.fromEntries(
    environments.flatMap(({ cloud }) => {
      const { bindings = '' } = clouds[cloud]
      const version = tested.get(bindings)
      return version === undefined ? [] : [[bindings, version]]
    })
  )
}

function cdktfOf(project: NewProject) {
  return {
    language: 'typescript',
    app: appCommand.join(' '),
    projectId: packageName(project),
    sendCrashReports: 'false',
    terraformProviders: [],
    terraformModules: [],
    context: {}
  }
}

const tsconfig = {
  compilerOptions: {
    target: 'esnext',
    module: 'nodenext',
    types: ['node'],
    noEmit: true,
    strict: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true
  },
  include: ['main.ts', 'environments']
}

const ignored = `node_modules/
cdktf.out/
cdktf.log
outputs.json
# A local state has the ids of all resources. Keep it, or use a bucket.
*.tfstate
*.tfstate.*
`

function mainFile(environments: readonly WrittenEnvironment[]): string {
  const constants = environments.map(({ name }) => constantOf(name))
  return `import { synthesizeEnvironments } from '${packageFile.name}/environment'
${environments.map(({ name }) => `import { ${constantOf(name)} } from './environments/${name}.ts'`).join('\n')}

// Every environment of the project: add yours to the list.
synthesizeEnvironments([${constants.join(', ')}])
`
}

/** `devWestEnvironment` for `dev-west`: never a word of the language. */
function constantOf(name: string): string {
  return `${name.replaceAll(/-+(.)/g, (_, next: string) => next.toUpperCase())}Environment`
}

function environmentFile({ name, backend, link }: WrittenEnvironment): string {
  const isLocal = backend.type === 'local'
  const lines = Object.entries(link).flatMap(([option, value]) => [
    ...(option === 'zone' ? zoneComment.map(line => `      // ${line}`) : []),
    ...(isPlaceholder(value) ? [`      // Such as ${exampleOf(String(link.cloud), option)}`] : []),
    `      ${option}: ${literal(value)}`
  ])
  const step = link.zilliz === undefined && link.hosts === undefined ? [hostsComment] : []
  return `import type { EnvironmentLiteral } from '${packageFile.name}/environment'

/** Deploy it: npm run deploy -- ${name} */
export const ${constantOf(name)} = {
  name: '${name}',
${isLocal ? '  // A local file, for one operator. For a team or a workflow, use a bucket.\n' : ''}  backend: ${literal(backend)},
  links: {
${hasPlaceholder(link) ? '    // Replace each placeholder in angle brackets. Until then, synth refuses this environment.\n' : ''}    search: {
${withCommas(lines)}${step.map(line => `\n      ${line}`).join('')}
    }
  }
} satisfies EnvironmentLiteral
`
}

const zoneComment = [
  "'per-host': a zone for each host, which hides no other name. 'parent': one zone for all of vectordb.zillizcloud.com,",
  "which hides all other Zilliz Cloud names. 'existing': records in a private zone of yours. 'none': no zone, no records."
]

const hostsComment =
  "// After you register the endpoint, add the private links of the clusters: hosts: ['https://…:19531']"

/** Each option on lines of its own, with a comma after all but the last. Comments have none. */
function withCommas(lines: readonly string[]): string {
  return lines
    .map((line, index) => (line.trimStart().startsWith('//') || index === lines.length - 1 ? line : `${line},`))
    .join('\n')
}

function exampleOf(cloud: string, option: string): string {
  const all = Object.entries(clouds).flatMap(([id, { questions, service }]) =>
    id === cloud ? [...questions, service] : []
  )
  return all.find(question => question.option === option)?.example ?? commonQuestions.clusters.example
}

/** A value as a literal of TypeScript: quoted as the rest of the file, on one line. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return inspect(value, { maxStringLength: null })
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${literal(field)}`)
  return `{ ${fields.join(', ')} }`
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function readme({ folderName, environments, dependency }: NewProject): string {
  const [first] = environments
  const variables = [...new Set(environments.flatMap(variablesOf))].sort()
  const secrets = environments.some(({ link }) => link.zilliz !== undefined)
  return `# ${folderName}

Private links to Zilliz Cloud, made by [${packageFile.name}](https://www.npmjs.com/package/${packageFile.name}). Each file in
\`environments/\` is one Terraform stack.

\`\`\`sh
npm install
npm run plan -- ${first?.name}
npm run deploy -- ${first?.name}
npm run doctor -- https://<host>:<port>
\`\`\`

\`npm run destroy\`, \`npm run links\`, \`npm start\` (the probe), \`npm run synth\` and \`npm run check\` are the other commands. Terraform
must be version 1.10 or later.

To upgrade, ${
    dependency.tarball === undefined
      ? `run \`npm install --save-exact ${packageFile.name}@latest\``
      : `put a new tarball into \`${vendorFolder}/\` and run \`npm install ./${vendorFolder}/<tarball>\``
  }, then read the plan.

## The workflow

\`${workflowFile}\` plans each environment on a pull request, and deploys it after a merge to \`main\`. It needs

- a state in a bucket;
- the variables ${variables.map(name => `\`${name}\``).join(', ')} in the settings of the repository on GitHub${
    secrets ? ', and the secret `ZILLIZCLOUD_API_KEY`' : ''
  };
- in the cloud, an identity provider for \`token.actions.githubusercontent.com\`. Let only the subject \`…:environment:<environment>\`
  deploy. The identity that plans runs the code of pull requests: let it read, and let it only lock the state.

Pull requests of forks are checked without an identity. To approve each deploy, add reviewers to the GitHub environment.
`
}

/** The variables of the repository that the logins of an environment read. */
function variablesOf({ cloud, link }: WrittenEnvironment): readonly string[] {
  const inputs = (['plan', 'deploy'] as const).flatMap(purpose => Object.values(clouds[cloud].login(link, purpose)))
  return inputs.flatMap(input => Array.from(input.matchAll(/vars\.(\w+)/g), ([, name = '']) => name))
}
