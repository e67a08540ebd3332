import { optionalText, text, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import type { GoogleCloud } from './google-cloud.ts'

/** A role of a project's own. One that is deleted stays for a week and keeps its id. */
export interface CustomRole {
  title: string
  description: string
  permissions: readonly string[]
  isDeleted: boolean
}

/** Plays google_project_iam_custom_role, which takes a role that is deleted back. */
export function projectIamCustomRole(cloud: GoogleCloud): Resource {
  return {
    type: 'google_project_iam_custom_role',
    forcesReplacement: ['project', 'role_id'],
    defaults: { stage: 'GA' },

    validate: config => {
      const id = optionalText(config, 'role_id')
      if (id !== undefined && !/^[a-zA-Z0-9_.]{3,64}$/.test(id)) {
        throw new CloudError(`"role_id" ("${id}") doesn't match regexp "^[a-zA-Z0-9_\\\\.]{3,64}$"`)
      }
    },

    plan: ({ prior, planned }) => {
      const [id, project] = [optionalText(planned, 'role_id'), optionalText(planned, 'project')]
      if (prior === undefined && id !== undefined && project !== undefined) {
        planned.name = `projects/${project}/roles/${id}`
      }
    },

    create: planned => {
      const path = `projects/${text(planned, 'project')}/roles/${text(planned, 'role_id')}`
      const before = cloud.customRoles.get(path)
      if (before !== undefined && !before.isDeleted) {
        throw new CloudError(`Custom project role ${path} already exists and must be imported`)
      }
      if (before !== undefined) cloud.note('roles.undelete', path)
      cloud.customRoles.set(path, roleOf(planned))
      cloud.note(before === undefined ? 'roles.create' : 'roles.patch', path)
      return path
    },

    read: ({ id }) => {
      const path = String(id)
      const role = cloud.customRoles.get(path)
      if (role === undefined || role.isDeleted) return undefined
      const [, project = '', , roleId = ''] = path.split('/')
      return {
        project,
        role_id: roleId,
        name: path,
        title: role.title,
        description: role.description,
        permissions: [...role.permissions],
        stage: 'GA',
        deleted: false
      }
    },

    update: (planned, prior) => {
      const path = text(prior, 'id')
      cloud.customRoles.set(path, roleOf(planned))
      cloud.note('roles.patch', path)
    },

    delete: ({ id }) => {
      const role = cloud.customRoles.get(String(id))
      if (role === undefined) return
      role.isDeleted = true
      cloud.note('roles.delete', String(id))
    }
  }
}

function roleOf(planned: Parameters<typeof text>[0]): CustomRole {
  return {
    title: text(planned, 'title'),
    description: optionalText(planned, 'description') ?? '',
    permissions: texts(planned, 'permissions'),
    isDeleted: false
  }
}
