import { describe, expect, test } from 'vitest'
import { readDataSourceSchema, readProviderSchema, readResourceSchema } from './binding-schema.ts'
import type { Attribute, NestedBlock, Type } from './schema.ts'

const endpoint = readResourceSchema('aws_vpc_endpoint')
const group = readResourceSchema('aws_security_group')
const zone = readResourceSchema('google_dns_managed_zone')
const vpc = readDataSourceSchema('aws_vpc')
const aws = readProviderSchema('aws')

describe('a binding tells of', () => {
  const optional = { required: false, optional: true, computed: false }
  const computed = { required: false, optional: false, computed: true }
  const either = { required: false, optional: true, computed: true }
  const rule: Type = [
    'object',
    {
      cidr_blocks: ['list', 'string'],
      description: 'string',
      from_port: 'number',
      ipv6_cidr_blocks: ['list', 'string'],
      prefix_list_ids: ['list', 'string'],
      protocol: 'string',
      security_groups: ['set', 'string'],
      self: 'bool',
      to_port: 'number'
    }
  ]
  const entry: Type = ['object', { dns_name: 'string', hosted_zone_id: 'string' }]
  const association: Type = ['object', { association_id: 'string', cidr_block: 'string', state: 'string' }]

  for (const { of, attribute, is } of [
    {
      of: 'what must be given',
      attribute: endpoint.attributes.vpc_id,
      is: { type: 'string', required: true, optional: false, computed: false }
    },
    { of: 'what may be given', attribute: endpoint.attributes.auto_accept, is: { type: 'bool', ...optional } },
    { of: 'what the cloud answers', attribute: endpoint.attributes.state, is: { type: 'string', ...computed } },
    {
      of: 'what the cloud answers if it is not given',
      attribute: endpoint.attributes.region,
      is: { type: 'string', ...either }
    },
    {
      of: 'a set that may be given',
      attribute: endpoint.attributes.subnet_ids,
      is: { type: ['set', 'string'], ...either }
    },
    {
      of: 'a set that the cloud answers',
      attribute: endpoint.attributes.network_interface_ids,
      is: { type: ['set', 'string'], ...computed }
    },
    {
      of: 'a list that the cloud answers',
      attribute: endpoint.attributes.cidr_blocks,
      is: { type: ['list', 'string'], ...computed }
    },
    {
      of: 'a list of objects that the cloud answers',
      attribute: endpoint.attributes.dns_entry,
      is: { type: ['list', entry], ...computed }
    },
    {
      of: 'objects in a data source',
      attribute: vpc.attributes.cidr_block_associations,
      is: { type: ['list', association], ...computed }
    },
    {
      of: 'a map that may be given',
      attribute: endpoint.attributes.tags,
      is: { type: ['map', 'string'], ...optional }
    },
    {
      of: 'a map that the cloud answers',
      attribute: zone.attributes.effective_labels,
      is: { type: ['map', 'string'], ...computed }
    },
    {
      of: 'a number that the cloud answers',
      attribute: zone.attributes.managed_zone_id,
      is: { type: 'number', ...computed }
    },
    {
      of: 'objects that look like blocks',
      attribute: group.attributes.ingress,
      is: { type: ['set', rule], ...either }
    },
    {
      of: 'a set in the configuration of a provider',
      attribute: aws.attributes.allowed_account_ids,
      is: { type: ['set', 'string'], ...optional }
    }
  ] satisfies readonly { of: string; attribute: Attribute | undefined; is: Attribute }[]) {
    test(of, () => expect(attribute).toEqual(is))
  }

  const text = (flags: Omit<Attribute, 'type'>): Attribute => ({ type: 'string', ...flags })
  for (const { of, block, is } of [
    {
      of: 'a block that stands once',
      block: endpoint.blocks.timeouts,
      is: {
        nesting: 'single',
        minItems: 0,
        maxItems: 0,
        block: { attributes: { create: text(optional), delete: text(optional), update: text(optional) }, blocks: {} }
      }
    },
    {
      of: 'a block that may stand once in a list',
      block: endpoint.blocks.dns_options,
      is: {
        nesting: 'list',
        minItems: 0,
        maxItems: 1,
        block: {
          attributes: {
            dns_record_ip_type: text(either),
            private_dns_only_for_inbound_resolver_endpoint: { type: 'bool', ...optional }
          },
          blocks: {}
        }
      }
    },
    {
      of: 'blocks in a set',
      block: endpoint.blocks.subnet_configuration,
      is: {
        nesting: 'set',
        minItems: 0,
        maxItems: 0,
        block: { attributes: { ipv4: text(optional), ipv6: text(optional), subnet_id: text(optional) }, blocks: {} }
      }
    },
    {
      of: 'blocks inside a block',
      block: zone.blocks.private_visibility_config,
      is: {
        nesting: 'list',
        minItems: 0,
        maxItems: 1,
        block: {
          attributes: {},
          blocks: {
            gke_clusters: {
              nesting: 'list',
              minItems: 0,
              maxItems: 0,
              block: {
                attributes: { gke_cluster_name: text({ ...optional, required: true, optional: false }) },
                blocks: {}
              }
            },
            networks: {
              nesting: 'set',
              minItems: 0,
              maxItems: 0,
              block: { attributes: { network_url: text({ ...optional, required: true, optional: false }) }, blocks: {} }
            }
          }
        }
      }
    },
    {
      of: 'a block in the configuration of a provider',
      block: aws.blocks.default_tags,
      is: {
        nesting: 'list',
        minItems: 0,
        maxItems: 0,
        block: { attributes: { tags: { type: ['map', 'string'], ...optional } }, blocks: {} }
      }
    }
  ] satisfies readonly { of: string; block: NestedBlock | undefined; is: NestedBlock }[]) {
    test(of, () => expect(block).toEqual(is))
  }
})
