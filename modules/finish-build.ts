import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync, type StringLiteral, Visitor } from 'oxc-parser'
import packageFile from '../package.json' with { type: 'json' }

/** What the compiler wrote: ES modules, their source maps, and types. */
const built = 'dist'

/** Where the modules go that need another library in an app of cdktn. */
const forCdktn = 'cdktn'

/** The files that the package exports, from the folder that is built. */
const exported = Object.values(packageFile.exports)
  .flatMap(entry => (typeof entry === 'string' ? [] : Object.values(entry)))
  .map(path => posix.relative(built, path))

/** What an app of cdktn imports: a copy of what an app of cdktf imports. */
const entries = exported.filter(path => path.startsWith(`${forCdktn}/`)).map(path => posix.relative(forCdktn, path))

/** What cdktn calls a package of cdktf; undefined for any other. */
function nameOnCdktn(specifier: string): string | undefined {
  const [, bindings, path = ''] = /^(?:cdktf|@cdktf\/(provider-[^/]+))(\/.*)?$/.exec(specifier) ?? []
  if (bindings !== undefined) return `@cdktn/${bindings}${path}`
  return specifier === 'cdktf' || specifier.startsWith('cdktf/') ? specifier.replace('cdktf', 'cdktn') : undefined
}

/** A file of a module, and what its specifiers name. */
interface BuiltFile {
  readonly path: string
  readonly text: string
  readonly specifiers: readonly { readonly value: string; readonly start: number; readonly end: number }[]
}

function readBuilt(path: string): BuiltFile {
  const text = readFileSync(join(built, path), 'utf8')
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('; ')}`)
  const literals: StringLiteral[] = []
  const add = ({ source }: { readonly source: unknown }) => {
    if (isText(source)) literals.push(source)
  }
  new Visitor({
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    ImportExpression: add,
    TSImportType: add
  }).visit(program)
  return { path, text, specifiers: literals.map(({ value, start, end }) => ({ value, start, end })) }
}

function isText(node: unknown): node is StringLiteral {
  return (
    typeof node === 'object' && node !== null && 'type' in node && 'value' in node && typeof node.value === 'string'
  )
}

/** The file that a relative specifier names. Types name the sources of other types: `./link.ts` is `link.d.ts`. */
function fileOf(importer: string, specifier: string): string {
  const path = posix.join(posix.dirname(importer), specifier)
  return importer.endsWith('.d.ts') ? path.replace(/(?<!\.d)\.ts$/, '.d.ts') : path
}

const files = new Map(
  globSync(['**/*.js', '**/*.d.ts'], { cwd: built, exclude: [`${forCdktn}/**`] })
    .sort()
    .map(path => [path, readBuilt(path)] as const)
)

/** Everything that files import, directly or not, and the files themselves. */
function reached(from: readonly string[], seen = new Set<string>()): ReadonlySet<string> {
  for (const path of from) {
    if (seen.has(path)) continue
    seen.add(path)
    const relative = files.get(path)?.specifiers.filter(({ value }) => value.startsWith('.')) ?? []
    reached(
      relative.map(({ value }) => fileOf(path, value)),
      seen
    )
  }
  return seen
}

const importsCdktf = (path: string) =>
  files.get(path)?.specifiers.some(({ value }) => nameOnCdktn(value) !== undefined) ?? false

const differing = new Set([
  ...entries,
  ...[...reached(entries)].filter(path => [...reached([path])].some(importsCdktf))
])

for (const path of differing) {
  const file = files.get(path)
  if (file === undefined) throw new Error(`${path}: was not built`)
  const out = posix.join(forCdktn, path)
  const nearer = (relative: string) => posix.relative(posix.dirname(out), posix.join(posix.dirname(path), relative))
  const rewritten = file.specifiers
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, { value, start, end }) => {
      const isShared = value.startsWith('.') && !differing.has(fileOf(path, value))
      const name = isShared ? nearer(value) : (nameOnCdktn(value) ?? value)
      return `${text.slice(0, start)}'${name}'${text.slice(end)}`
    }, file.text)
  mkdirSync(dirname(join(built, out)), { recursive: true })
  // The source is the same, so the map is too: no specifier has a name that maps.
  writeFileSync(join(built, out), rewritten.replace(/(?<=^\/\/# sourceMappingURL=).+$/m, nearer))
}

// The compiler writes the types of all that the sources import, of which the types themselves import the smaller part.
const imported = reached(exported)
for (const path of files.keys()) if (path.endsWith('.d.ts') && !imported.has(path)) rmSync(join(built, path))

// Source maps help who debugs the constructs in an app of one's own. Those of the commands would take a megabyte of every install.
for (const path of globSync('{probe,dashboards,modules/{cli,deploy,links}}/**/*.js', { cwd: built })) {
  const file = join(built, path)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'))
  rmSync(`${file}.map`)
}
