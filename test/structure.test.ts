import { glob, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { allClouds } from '../probe/clouds.ts'

const root = join(import.meta.dirname, '..')

interface Source {
  /** From the root of the repository, with slashes. */
  readonly file: string
  readonly text: string
}

const sources: readonly Source[] = await Promise.all(
  (await Array.fromAsync(glob('{modules,probe,dashboards}/**/*.ts', { cwd: root }))).map(async file => ({
    file,
    text: await readFile(join(root, file), 'utf8')
  }))
)

/** Declarations at the top level of a file; the formatter indents all others. */
const types = /^(?:export )?(?:declare )?(?:abstract )?(?:(?:type|interface|class|enum) (\w+)|const ([A-Z]\w*))/gm
const exported = /^export (?:async )?(?:const|function\*?) (\w+)/gm

function declared({ text }: Source): ReadonlySet<string> {
  const names = [...text.matchAll(types), ...text.matchAll(exported)].map(([, name, schema]) => name ?? schema ?? '')
  return new Set(names)
}

/** In the folder of a cloud, what each cloud has of its own, behind one interface, has the same name in the same file. */
const clouds = allClouds.map(({ id }) => id).join('|')
const ofAnyCloud = (file: string) => file.replace(new RegExp(`/(?:${clouds})/`), '/<cloud>/')

/** A cloud is one object in each room that knows clouds, and so is the list of them. */
const inEachRoom: readonly string[] = ['clouds', ...allClouds.map(({ id }) => id)]

/** The files that a file imports, for a type alone as well. */
function imported({ file, text }: Source): readonly string[] {
  return Array.from(text.matchAll(/(?:\bfrom|^import|\bimport\() ?'(\.[^']+\.ts)'/gm), ([, path = '']) =>
    normalize(join(dirname(file), path))
  )
}

test('the name of a type, a class, a schema or an export means one thing in modules/, probe/ and dashboards/', () => {
  const filesOf = Map.groupBy(
    sources.flatMap(source => Array.from(declared(source), name => ({ name, file: source.file }))),
    ({ name }) => name
  )
  const many = Array.from(filesOf)
    .filter(([name, all]) => new Set(all.map(({ file }) => ofAnyCloud(file))).size > 1 && !inEachRoom.includes(name))
    .map(([name, all]) => `${name}: ${all.map(({ file }) => file).join(', ')}`)
  expect(many).toEqual([])
  expect(filesOf.size).toBeGreaterThan(1000)
})

describe('imports make no circle', () => {
  test('between files', () => {
    const edges = new Map(sources.map(source => [source.file, imported(source)] as const))
    expect(circleIn(edges)).toEqual([])
    expect(edges.values().reduce((sum, all) => sum + all.length, 0)).toBeGreaterThan(1000)
  })

  test('between folders', () => {
    const edges = new Map<string, ReadonlySet<string>>()
    for (const source of sources) {
      const from = folderOf(source.file)
      const to = imported(source)
        .map(folderOf)
        .filter(each => each !== from)
      edges.set(from, new Set([...(edges.get(from) ?? []), ...to]))
    }
    expect(circleIn(edges)).toEqual([])
    expect(edges.get('probe/cases')).toEqual(new Set(['probe/facts']))
  })
})

/** The folder of a room that a file is in, with those below it; a file that is in none is on its own. The list of clouds is one with theirs. */
function folderOf(file: string): string {
  const [room, folder = ''] = file.split('/')
  return `${room}/${folder === 'clouds.ts' ? 'clouds' : folder}`
}

/** The first circle that is found, as the names along it; none if there is none. */
function circleIn(edges: ReadonlyMap<string, Iterable<string>>): readonly string[] {
  const done = new Set<string>()
  const walk = (from: string, way: readonly string[]): readonly string[] => {
    const before = way.indexOf(from)
    if (before >= 0) return [...way.slice(before), from]
    if (done.has(from)) return []
    for (const to of edges.get(from) ?? []) {
      const circle = walk(to, [...way, from])
      if (circle.length > 0) return circle
    }
    done.add(from)
    return []
  }
  for (const from of edges.keys()) {
    const circle = walk(from, [])
    if (circle.length > 0) return circle
  }
  return []
}
