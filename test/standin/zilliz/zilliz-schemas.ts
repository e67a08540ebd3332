import type { Attribute, Block, Type } from '../schema.ts'

// There are no bindings to read the schemas out of: these are as `terraform providers schema -json` prints them for
// version 0.6.41 of zilliztech/zillizcloud.

/** What the provider's configuration may hold. */
export const providerSchema = block({
  api_key: optional('string'),
  burst: optional('number'),
  host_address: optional('string'),
  qps: optional('number'),
  region_id: optional('string')
})

/** The schema of zillizcloud_private_endpoint. */
export const privateEndpointSchema = block({
  cloud_id: computed('string'),
  endpoint_id: required('string'),
  endpoint_service: computed('string'),
  endpoint_service_status: computed('string'),
  endpoint_status: computed('string'),
  gcp_project_id: { ...optional('string'), computed: true },
  id: computed('string'),
  project_id: required('string'),
  region_id: required('string')
})

/** The schema of zillizcloud_private_endpoint_whitelist. */
export const privateEndpointWhitelistSchema = block({
  id: computed('string'),
  outer_user_id: required('string'),
  project_id: required('string'),
  region_id: required('string')
})

/** The schema of the data source zillizcloud_cluster. */
export const clusterSchema = block({
  cluster_name: computed('string'),
  cluster_type: computed('string'),
  connect_address: computed('string'),
  create_time: computed('string'),
  cu_size: computed('number'),
  description: computed('string'),
  id: required('string'),
  private_link_address: computed('string'),
  region_id: computed('string'),
  status: computed('string')
})

/** The schema of the data source zillizcloud_private_endpoint_services. */
export const privateEndpointServicesSchema = block({
  current_page: optional('number'),
  endpoint_services: computed([
    'list',
    ['object', { cloud_id: 'string', endpoint_service: 'string', region_id: 'string', whitelist_required: 'bool' }]
  ]),
  page_size: optional('number'),
  region_id: required('string'),
  total_count: computed('number')
})

function block(attributes: Block['attributes']): Block {
  return { attributes, blocks: {} }
}

function required(type: Type): Attribute {
  return { type, required: true, optional: false, computed: false }
}

function optional(type: Type): Attribute {
  return { type, required: false, optional: true, computed: false }
}

function computed(type: Type): Attribute {
  return { type, required: false, optional: false, computed: true }
}
