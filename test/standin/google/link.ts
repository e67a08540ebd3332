import type { Value } from '../value.ts'

const compute = 'https://www.googleapis.com/compute/v1/'

/** The full link of something in Compute Engine, from its path `projects/…`. */
export function linkOf(path: string): string {
  return `${compute}${path}`
}

/** The path `projects/…` of a full link, or the text itself where it is no full link. */
export function pathOf(link: string): string {
  return link.replace(/^https:\/\/[^/]+\/compute\/[^/]+\//, '')
}

/** The name at the end of a link or a path. */
export function nameOf(link: string): string {
  return link.slice(link.lastIndexOf('/') + 1)
}

/** Whether a link, as the cloud words it, and a link, a path or a mere name, as a configuration words it, mean the same. */
export function isSameLink(before: Value, after: Value): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false
  return after.includes('/') ? pathOf(before) === pathOf(after) : nameOf(before) === after
}

/** Names the path of something that a configuration refers to by link, by path, by part of a path or by name. */
export function fullPath(reference: string, project: string, collection: string): string {
  const path = pathOf(reference)
  if (path.startsWith('projects/')) return path
  if (path.includes('/')) return `projects/${project}/${path}`
  return `projects/${project}/${collection}/${path}`
}
