/** What can be broken in the demo, by the name of what somebody did, and what a client of it sees. */
export const faults = {
  'record-deleted': 'somebody deleted the record of the host on AWS',
  'zone-detached': 'somebody took the VPC out of the private hosted zone',
  'security-group-closed': "somebody removed the rule from the endpoint's security group",
  'one-zone-dead': 'the second availability zone of the endpoint on AWS is dead',
  'endpoint-pending': 'Zilliz Cloud has not accepted the endpoint on Google Cloud',
  'certificate-expired': 'the certificate of the hosts was not renewed',
  'public-answer': 'the resolver answers with a public address of the host on AWS',
  'resolver-silent': 'the resolver of both networks does not answer'
} as const

/** The name of one. */
export type FaultName = keyof typeof faults
export const faultNames = Object.keys(faults) as readonly FaultName[]

/** Whether somebody means one. */
export function isFault(name: string): name is FaultName {
  return name in faults
}
