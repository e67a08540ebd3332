import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Attribute, Block, NestedBlock, Type } from './schema.ts'

// A binding's compiled JavaScript has lost which attributes are computed as well as optional, and its .d.ts which lists
// are sets; the TypeScript it was compiled from has everything, and travels along in the source map at the file's end.
//
// What not even that source says: the most blocks a repeated block may have, and which members of a provider's own
// nested blocks are required. The schemas here ask for neither.

/** Who publishes bindings: those of cdktn have the same form. */
type Publisher = '@cdktf' | '@cdktn'

/** Reads the schema of a resource type, such as `aws_vpc_endpoint`, out of its binding. */
export function readResourceSchema(type: string, publisher: Publisher = '@cdktf'): Block {
  const [provider, ...words] = type.split('_')
  return readBinding(publisher, `${provider}`, words.join('-'))
}

/** Reads the schema of a data source, such as `aws_vpc`, out of its binding. */
export function readDataSourceSchema(type: string, publisher: Publisher = '@cdktf'): Block {
  const [provider] = type.split('_')
  return readBinding(publisher, `${provider}`, `data-${type.replaceAll('_', '-')}`)
}

/** Reads the schema of a provider's own configuration, such as that of `aws`, out of its binding. */
export function readProviderSchema(provider: string, publisher: Publisher = '@cdktf'): Block {
  return readBinding(publisher, provider, 'provider')
}

const require = createRequire(import.meta.url)
const schemas = new Map<string, Block>()

function readBinding(publisher: Publisher, provider: string, directory: string): Block {
  const module = `${publisher}/provider-${provider}/lib/${directory}/index.js`
  const known = schemas.get(module)
  if (known !== undefined) return known
  const source = originalSource(require.resolve(module))
  const name = /export class (\w+) extends cdkt[fn]\.Terraform(?:Resource|DataSource|Provider) /.exec(source)?.[1]
  if (name === undefined) throw new Error(`${module}: found no class of a resource, data source or provider`)
  const resource = between(source, `export class ${name} `, '\n}\n')
  const block = readBlock(source, resource, resource)
  schemas.set(module, block)
  return block
}

function originalSource(path: string): string {
  const compiled = readFileSync(path, 'utf8')
  const encoded = compiled.slice(compiled.lastIndexOf(';base64,') + ';base64,'.length)
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { sourcesContent?: string[] }
  const source = map.sourcesContent?.[0]
  if (source === undefined) throw new Error(`${path}: its source map does not carry the source it was compiled from`)
  return source
}

function readBlock(source: string, classText: string, synthesisText: string): Block {
  const attributes: Record<string, Attribute> = {}
  const blocks: Record<string, NestedBlock> = {}
  const members = membersOf(classText)
  const settings = settingsOf(synthesisText)
  for (const name of new Set([...members.keys(), ...settings.keys()])) {
    const { getter, ...flags } = members.get(name) ?? { required: false, optional: true, computed: false, getter: '' }
    const setting = settings.get(name)
    if (setting === undefined) attributes[name] = { type: typeOfGetter(source, getter), ...flags }
    else if (isNestedBlock(setting)) blocks[name] = nestedBlock(source, setting, flags.required)
    else attributes[name] = { type: typeOfSetting(source, setting), ...flags }
  }
  return { attributes, blocks }
}

/** What a binding's class says of an attribute or block: its flags in a comment, and code that answers its value. */
interface Member {
  readonly required: boolean
  readonly optional: boolean
  readonly computed: boolean
  readonly getter: string
}

const memberPattern =
  / {2}\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n([\s\S]*?)(?=\n\n|\n {2}\/\/ |\n}|$)/g

function membersOf(classText: string): Map<string, Member> {
  const members = [...classText.matchAll(memberPattern)]
  return new Map(
    members.map(([, name = '', computed, optional, required, getter = '']) => [
      name,
      { required: required === 'true', optional: optional === 'true', computed: computed === 'true', getter }
    ])
  )
}

/** What a binding says of an attribute or block that can be set, where it writes it down for Terraform. */
interface Setting {
  readonly mapping: string
  /** `simple`, `list`, `set`, `map`, or `struct` for one object. */
  readonly kind: string
  /** A scalar, a collection of scalars such as `stringList`, or with a capital the class of an object or of a list of them. */
  readonly storage: string
}

const settingPattern =
  /^ +(\w+): \{\n +value: (.+),\n +isBlock: \w+,\n +type: "(\w+)",\n +storageClassType: "(\w+)",\n/gm

function settingsOf(synthesisText: string): Map<string, Setting> {
  const settings = [...synthesisText.matchAll(settingPattern)]
  return new Map(
    settings.map(([, name = '', mapping = '', kind = '', storage = '']) => [name, { mapping, kind, storage }])
  )
}

function holdsObjects({ storage }: Setting): boolean {
  return /^[A-Z]/.test(storage)
}

function isNestedBlock(setting: Setting): boolean {
  // The flag `isBlock` is also set for attributes that hold objects, such as aws_security_group.ingress; the second
  // argument of the mapper is not.
  return holdsObjects(setting) && !setting.mapping.includes(', false)(')
}

function nestedBlock(source: string, { kind, storage, mapping }: Setting, required: boolean): NestedBlock {
  if (kind === 'struct') return { nesting: 'single', minItems: 0, maxItems: 0, block: readStruct(source, storage) }
  return {
    nesting: kind === 'set' ? 'set' : 'list',
    minItems: required ? 1 : 0,
    maxItems: mapping.includes('listMapperHcl') ? 0 : 1,
    block: readStruct(source, elementOf(storage))
  }
}

function readStruct(source: string, name: string): Block {
  const synthesis = `export function ${name.charAt(0).toLowerCase()}${name.slice(1)}ToHclTerraform(`
  const classText = between(source, `export class ${name}OutputReference `, '\n}\n')
  return readBlock(source, classText, between(source, synthesis, '\n}\n'))
}

function typeOfSetting(source: string, setting: Setting): Type {
  const { kind, storage } = setting
  if (kind === 'simple') return scalarOf(storage)
  return [collectionOf(kind), holdsObjects(setting) ? objectType(source, elementOf(storage)) : scalarOf(storage)]
}

function typeOfGetter(source: string, getter: string): Type {
  const [, object, wrapsSet] = /new (\w+)List\(this, "\w+", (true|false)\)/.exec(getter) ?? []
  if (object !== undefined) return [wrapsSet === 'true' ? 'set' : 'list', objectType(source, object)]
  const accessor = /this\.get(\w+)Attribute\(|new cdkt[fn]\.(\w+Map)\(/.exec(getter)?.slice(1).join('') ?? ''
  if (accessor.endsWith('Map')) return ['map', scalarOf(accessor)]
  if (accessor.endsWith('List')) return [getter.includes('Fn.tolist(') ? 'set' : 'list', scalarOf(accessor)]
  return scalarOf(accessor)
}

function objectType(source: string, name: string): Type {
  const { attributes, blocks } = readStruct(source, name)
  const nested = Object.keys(blocks)
  if (nested.length > 0) throw new Error(`${name}: an object cannot hold blocks, yet has ${nested.join(', ')}`)
  return ['object', Object.fromEntries(Object.entries(attributes).map(([field, { type }]) => [field, type]))]
}

function collectionOf(kind: string): 'list' | 'set' | 'map' {
  if (kind === 'list' || kind === 'set' || kind === 'map') return kind
  throw new Error(`a binding speaks of the collection ${kind}, which the stand-ins do not know`)
}

function scalarOf(word: string): Type {
  // `getListAttribute` is the accessor of a list of strings.
  if (/^string|^List$/i.test(word)) return 'string'
  if (/^number/i.test(word)) return 'number'
  if (/^boolean/i.test(word)) return 'bool'
  throw new Error(`a binding speaks of the type ${word}, which the stand-ins do not know`)
}

function between(source: string, start: string, end: string): string {
  const from = source.indexOf(start)
  if (from === -1) return ''
  const to = source.indexOf(end, from)
  return to === -1 ? source.slice(from) : source.slice(from, to)
}

function elementOf(list: string): string {
  return list.replace(/List$/, '')
}
