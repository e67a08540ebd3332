import type { CloudError } from '../cloud-error.ts'

// The codes and messages are those of https://docs.zilliz.com/reference/restful/error-codes-v2, which publishes none for
// private endpoints: what those refuse is worded here in the same manner, under a code of ours.

/** Words what was refused as the provider does for what it was doing. */
export type Refuse = (answer: string) => CloudError

const messages = {
  96001: 'Invalid RegionId. Please use the ListCloudRegions API to obtain a list of supported regionIds.',
  96005:
    'Invalid projectId. The projectId should be like proj-xxxxxxxx. Please use the ListProjects API to obtain your scoped projects.',
  96012: "You don't have permission for this project. Project org and Apikey org does not match.",
  96013: "You don't have permission for this project. Org owner or project owner is needed.",
  96014: "You don't have permission for this cluster. Cluster org and Apikey org does not match.",
  96015: "You don't have permission for this cluster. Org owner or project owner is needed.",
  96016: "You don't have permission for this cluster. Please check your Apikey scope.",
  96018: 'Cluster not found. Please use the ListClusters API to obtain your scoped clusters.',
  96027: "You don't have permission for this project. Please check your Apikey scope.",
  96028: 'Feature only supported for enterprise plan clusters.'
} as const

const ownCode = 99999

const requestId = '7f3e9a0c5d1b2846'

/** What the provider makes of an answer that refuses, which comes with HTTP status 200. */
export function zillizAnswer(code: keyof typeof messages): string {
  return `Error[${code}]:${messages[code]}. RequestId:${requestId}`
}

/** What the provider makes of a refusal that Zilliz Cloud does not publish. */
export function unpublishedAnswer(message: string): string {
  return `Error[${ownCode}]:${message}. RequestId:${requestId}`
}

/** What the provider makes of the answer to an API key that Zilliz Cloud does not know. */
export const illegalKeyAnswer = `http status code: 401, error: Error[21119]:The apikey is illegal. RequestId:, requestId: ${requestId}`
