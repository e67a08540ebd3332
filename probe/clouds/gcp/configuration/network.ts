/** A VPC network, which is of a project. */
export interface VpcName {
  readonly project: string
  readonly name: string
}

/** Reads a network by its URL or path, with or without `global`, which the metadata server leaves out. */
export function readVpcName(url: string): VpcName | undefined {
  const [, project, name] = /(?:^|\/)projects\/([^/]+)\/(?:global\/)?networks\/([^/]+)$/.exec(url) ?? []
  return project === undefined || name === undefined ? undefined : { project, name }
}

/** The path that policies and zones name a network by. */
export const vpcPath = ({ project, name }: VpcName) => `projects/${project}/global/networks/${name}`

export const isSameVpc = (one: VpcName | undefined, other: VpcName | undefined) =>
  one !== undefined && other !== undefined && vpcPath(one) === vpcPath(other)

/** Whether a URL is that of a network. */
export const isUrlOf = (network: VpcName) => (url: string) => isSameVpc(readVpcName(url), network)

/** The name at the end of a URL of a region, a zone or another resource. */
export const lastPart = (url: string) => url.slice(url.lastIndexOf('/') + 1)

/** The region of a zone. */
export const regionOfZone = (zone: string) => lastPart(zone).replace(/-[a-z]$/, '')
