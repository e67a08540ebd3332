import type { ZillizCloud } from './zilliz-cloud.ts'
import { illegalKeyAnswer, type Refuse, zillizAnswer } from './zilliz-error.ts'

/** What a project is billed by. */
export type Plan = 'Free' | 'Serverless' | 'Standard' | 'Enterprise' | 'BusinessCritical'

/** What the API key may do in a project, or why it may not do anything there. */
export type Access = 'granted' | 'other-organization' | 'not-owner' | 'out-of-scope'

/** A project of Zilliz Cloud. */
export interface Project {
  /** `proj-…` */
  readonly id: string
  access: Access
  plan: Plan
}

/** Whether a plan comes with private links. */
export function hasPrivateLink(plan: Plan): boolean {
  return plan === 'Enterprise' || plan === 'BusinessCritical'
}

/** Refuses an API key that is not one. */
export function requireKey(cloud: ZillizCloud, refuse: Refuse): void {
  if (cloud.apiKey === 'illegal') throw refuse(illegalKeyAnswer)
}

/** Answers a project that the API key may change and read. */
export function requireProject(cloud: ZillizCloud, id: string, refuse: Refuse): Project {
  requireKey(cloud, refuse)
  const project = cloud.projects.get(id)
  if (project === undefined) throw refuse(zillizAnswer(96005))
  switch (project.access) {
    case 'granted':
      return project
    case 'other-organization':
      throw refuse(zillizAnswer(96012))
    case 'not-owner':
      throw refuse(zillizAnswer(96013))
    case 'out-of-scope':
      throw refuse(zillizAnswer(96027))
  }
}
