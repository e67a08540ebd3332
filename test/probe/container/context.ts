import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files that a build may copy: those of a directory that its .dockerignore lets through, without the directory. */
export function filesOfContext(directory: string): readonly string[] {
  const rules = readFileSync(join(directory, '.dockerignore'), 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => ({ lets: line.startsWith('!'), pattern: line.replace(/^!/, '') }))
    .map(rule => ({ ...rule, matches: expressionOf(rule.pattern) }))
  const isLet = (file: string) => {
    const parts = file.split('/')
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
    return rules.findLast(({ matches }) => paths.some(path => matches.test(path)))?.lets ?? true
  }
  const top = readdirSync(directory).filter(
    name => isLet(name) || rules.some(({ lets, pattern }) => lets && pattern.startsWith(`${name}/`))
  )
  return top
    .flatMap(name => filesIn(directory, name))
    .filter(isLet)
    .sort()
}

/** As Docker reads patterns: a star takes names that begin with a dot, too. */
function expressionOf(pattern: string): RegExp {
  const parts: Readonly<Record<string, string>> = { '**/': '(.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }
  return new RegExp(`^${pattern.replace(/\*\*\/|\*\*|[*?]|[.+^${}()|[\]\\]/g, part => parts[part] ?? `\\${part}`)}$`)
}

/** A file, or all that are in a directory. */
function filesIn(directory: string, name: string): readonly string[] {
  try {
    return readdirSync(join(directory, name), { recursive: true, withFileTypes: true })
      .filter(entry => !entry.isDirectory())
      .map(entry => join(entry.parentPath, entry.name).slice(directory.length + 1))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [name]
    throw error
  }
}
