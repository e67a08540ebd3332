import type { GcpLink } from './link.ts'

/** Whether a link's zone is, or comes with, the parent zone. */
export function isWithParent({ zone }: GcpLink): boolean {
  return zone === 'parent' || zone === 'prepare-per-host' || zone === 'switch-to-per-host'
}

/** The project that has a link's network, and gets its firewall rules and zones. */
export function networkProject({ project, networkProject = project }: GcpLink): string {
  return networkProject
}

/** The path of a link's network. */
export function networkPath(link: GcpLink): string {
  return `projects/${networkProject(link)}/global/networks/${link.network}`
}

/** Where a link's hosts must resolve. */
export function ownNetworks(link: GcpLink): readonly string[] {
  return [networkPath(link), ...(link.zoneNetworks ?? [])]
}
