import './typescript-for-typedoc.ts'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Application, DeclarationReflection, ProjectReflection, TypeDocOptions } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'
import packageFile from '../../../package.json' with { type: 'json' }

/** The file of the sources that each export of the package is compiled from, by the name of the export. Those for cdktn are copies. */
const entries = Object.entries(packageFile.exports).flatMap(([path, file]) =>
  typeof file === 'string' || path.startsWith('./cdktn/')
    ? []
    : [{ name: path.slice('./'.length), source: file.types.replace('./dist/', '').replace('.d.ts', '.ts') }]
)

const options: Partial<TypeDocOptions & PluginOptions> = {
  plugin: ['typedoc-plugin-markdown'],
  router: 'module',
  entryPoints: entries.map(({ source }) => source),
  tsconfig: 'tsconfig.json',
  // The compiler that checks the project is another, and newer.
  skipErrorChecking: true,
  readme: 'none',
  disableSources: true,
  disableGit: true,
  excludeExternals: true,
  excludePrivate: true,
  excludeInternal: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  pageTitleTemplates: { module: 'zilliz-privatelink/{name}' },
  sort: ['source-order'],
  interfacePropertiesFormat: 'table',
  parametersFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
  logLevel: 'Warn',
  validation: {
    notExported: false,
    invalidLink: true,
    rewrittenLink: true,
    notDocumented: false,
    unusedMergeModuleWith: true
  }
}

/**
 * The reference of the package's exports, made of their docstrings: a page for each.
 *
 * @returns the pages by the name of their file
 * @throws Error if an export, a prop, an attribute or a method has no docstring, or an optional prop has no default
 */
export async function apiReference(): Promise<Readonly<Record<string, string>>> {
  const { Application, Converter } = await import('typedoc')
  const app = await Application.bootstrapWithPlugins(options)
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => nameByExport(project))
  const project = await app.convert()
  if (project === undefined) throw new Error('typedoc cannot read the exports of the package')
  app.validate(project)
  const lacking = [...undocumented(project), ...withoutDefault(project)]
  if (lacking.length > 0) throw new Error(lacking.join('\n'))
  return pagesOf(app, project)
}

/** The modules by the names under which a program imports them, and schemas without the types of all that is in them. */
function nameByExport(project: ProjectReflection): void {
  for (const module of project.children ?? []) {
    const entry = entries.find(({ source }) => source === `${module.name}.ts`)
    if (entry !== undefined) module.name = entry.name
    for (const { type } of module.children ?? []) {
      if (type?.type === 'reference' && type.name.startsWith('Zod')) delete type.typeArguments
    }
  }
}

/** What is exported, and its own members, if no docstring says what it is. A schema describes its fields by itself. */
function undocumented(project: ProjectReflection): readonly string[] {
  const exported = project.children?.flatMap(({ children = [] }) => children) ?? []
  const members = exported.flatMap(({ children = [] }) =>
    children.filter(({ name, inheritedFrom }) => name !== 'constructor' && inheritedFrom === undefined)
  )
  const comments = ({ comment, signatures = [], getSignature }: DeclarationReflection) =>
    [comment, getSignature?.comment, ...signatures.map(each => each.comment)].filter(each =>
      each?.hasVisibleComponent()
    )
  return [...exported, ...members]
    .filter(each => comments(each).length === 0)
    .map(each => `${each.getFriendlyFullName()}: has no docstring`)
}

/** The optional props that do not say what they are by default. */
function withoutDefault(project: ProjectReflection): readonly string[] {
  const props = project.children?.flatMap(({ children = [] }) =>
    children.filter(({ name }) => name.endsWith('Props')).flatMap(({ children: all = [] }) => all)
  )
  const saysDefault = ({ comment }: DeclarationReflection) =>
    comment?.getTag('@default') ?? comment?.getTag('@defaultValue')
  return (props ?? [])
    .filter(prop => prop.flags.isOptional && saysDefault(prop) === undefined)
    .map(prop => `${prop.getFriendlyFullName()}: has no @default`)
}

async function pagesOf(app: Application, project: ProjectReflection): Promise<Readonly<Record<string, string>>> {
  const directory = await mkdtemp(join(tmpdir(), 'api-'))
  try {
    app.options.setValue('out', directory)
    await app.generateOutputs(project)
    if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('typedoc has warnings')
    const pages = (await readdir(directory)).filter(name => name !== 'README.md')
    return Object.fromEntries(
      await Promise.all(
        pages.map(async name => [name, introduced(await readFile(join(directory, name), 'utf8'))] as const)
      )
    )
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** A page that says below its title what it is, and who it is for. */
function introduced(page: string): string {
  const guide = '[use the package in their own program](../../guides/use-in-your-own-stack.md)'
  return page.replace(
    '\n',
    `\n\nThe exports of this entry point, for developers who ${guide}. Generated from docstrings.\n`
  )
}
