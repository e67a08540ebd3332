import { shown } from '../../schema/mistakes.ts'
import { shapedText } from '../../schema/shaped-text.ts'

/** Names of Compute Engine resources: https://cloud.google.com/compute/docs/naming-resources */
export const resourceName = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** A region in Google's own spelling. Any of that form: Google opens new ones faster than a list is kept. */
export const GcpRegion = shapedText({
  pattern: /^[a-z]+-[a-z]+\d+$/,
  is: 'a Google Cloud region such as us-west1',
  find: 'Give the region of your subnet.',
  slip: given =>
    given.startsWith('gcp-')
      ? `must be Google's own spelling, got ${shown(given)}. Write ${given.slice('gcp-'.length)}.`
      : undefined
})

/**
 * The id of a project: 6 to 30 letters, digits and hyphens; that of a legacy organization has its domain in front.
 * https://cloud.google.com/resource-manager/docs/creating-managing-projects
 */
export const Project = shapedText({
  pattern: /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  is: 'a Google Cloud project id such as my-project-123',
  find: 'Copy the ID, not the name or number, from the Google Cloud dashboard.'
})

/** The name of a VPC network. */
export const NetworkName = shapedText({
  pattern: resourceName,
  is: 'the name of a VPC network such as default',
  find: 'Copy it from the column Name of the VPC networks page.'
})

/** The name of a resource that was made by hand. */
export const ResourceName = shapedText({
  pattern: resourceName,
  is: 'the name of a resource such as zilliz-endpoint',
  find: 'Copy it from its page in the Google Cloud console.'
})
