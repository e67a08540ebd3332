import { describe, expect, test } from 'vitest'
import { type PrivateZone, resolvePrivately } from './private-dns.ts'

const zones: readonly PrivateZone[] = [
  {
    name: 'example.com',
    records: [
      { name: 'example.com', type: 'SOA', values: ['…'] },
      { name: 'www.example.com', type: 'A', values: ['10.0.0.1', '10.0.0.2'] },
      { name: 'alias.example.com', type: 'A', values: [], alias: 'www.example.com' },
      { name: 'both.example.com', type: 'A', values: ['10.0.0.6'] },
      { name: 'both.example.com', type: 'AAAA', values: ['fd00::6'] },
      { name: 'both-alias.example.com', type: 'AAAA', values: [], alias: 'both.example.com' },
      { name: 'outside.example.com', type: 'CNAME', values: ['endpoint.vendor.test'] },
      { name: 'abroad.example.com', type: 'CNAME', values: ['www.elsewhere.test'] },
      { name: 'text.example.com', type: 'TXT', values: ['hello'] },
      { name: '*.wild.example.com', type: 'A', values: ['10.0.0.3'] },
      { name: 'a.tame.wild.example.com', type: 'A', values: ['10.0.0.4'] },
      { name: 'circle.example.com', type: 'CNAME', values: ['circle.example.com'] }
    ]
  },
  { name: 'db.example.com.', records: [{ name: 'db.example.com.', type: 'A', values: ['10.0.0.5'] }] }
]

describe('a network with private zones asks for', () => {
  for (const { asked, name, answers } of [
    {
      asked: 'a name with addresses',
      name: 'www.example.com',
      answers: { kind: 'addresses', addresses: ['10.0.0.1', '10.0.0.2'] }
    },
    {
      asked: 'a name in capitals with a dot',
      name: 'WWW.example.com.',
      answers: { kind: 'addresses', addresses: ['10.0.0.1', '10.0.0.2'] }
    },
    {
      asked: 'the apex of the narrower zone',
      name: 'db.example.com',
      answers: { kind: 'addresses', addresses: ['10.0.0.5'] }
    },
    {
      asked: 'a name the narrower zone lacks',
      name: 'www.db.example.com',
      answers: { kind: 'nxdomain', zone: 'db.example.com' }
    },
    {
      asked: 'a name the only zone lacks',
      name: 'nowhere.example.com',
      answers: { kind: 'nxdomain', zone: 'example.com' }
    },
    { asked: 'an apex without addresses', name: 'example.com', answers: { kind: 'nodata', zone: 'example.com' } },
    { asked: 'a name with text alone', name: 'text.example.com', answers: { kind: 'nodata', zone: 'example.com' } },
    { asked: 'a name between two others', name: 'wild.example.com', answers: { kind: 'nodata', zone: 'example.com' } },
    {
      asked: 'a name under a wildcard',
      name: 'any.wild.example.com',
      answers: { kind: 'addresses', addresses: ['10.0.0.3'] }
    },
    {
      asked: 'a name that a closer one keeps from the wildcard',
      name: 'b.tame.wild.example.com',
      answers: { kind: 'nxdomain', zone: 'example.com' }
    },
    {
      asked: 'an alias',
      name: 'alias.example.com',
      answers: { kind: 'addresses', addresses: ['10.0.0.1', '10.0.0.2'] }
    },
    {
      asked: 'a CNAME to what the cloud publishes',
      name: 'outside.example.com',
      answers: { kind: 'addresses', addresses: ['10.9.9.9'] }
    },
    {
      asked: 'a CNAME to public DNS',
      name: 'abroad.example.com',
      answers: { kind: 'public', name: 'www.elsewhere.test' }
    },
    {
      asked: 'a CNAME to itself',
      name: 'circle.example.com',
      answers: { kind: 'servfail', name: 'circle.example.com' }
    },
    {
      asked: 'a name outside the zones',
      name: 'www.elsewhere.test',
      answers: { kind: 'public', name: 'www.elsewhere.test' }
    },
    {
      asked: 'a name that merely ends alike',
      name: 'notexample.com',
      answers: { kind: 'public', name: 'notexample.com' }
    }
  ]) {
    test(`${asked}: ${answers.kind}`, () => {
      const published = (each: string) => (each === 'endpoint.vendor.test' ? ['10.9.9.9'] : undefined)
      expect(resolvePrivately(name, 'A', zones, published)).toEqual(answers)
    })
  }
})

describe('a network asks for IPv6 addresses of', () => {
  const published = (each: string) => (each === 'endpoint.vendor.test' ? [] : undefined)
  for (const { asked, name, answers } of [
    { asked: 'a name with both', name: 'both.example.com', answers: { kind: 'addresses', addresses: ['fd00::6'] } },
    {
      asked: 'an alias of its own',
      name: 'both-alias.example.com',
      answers: { kind: 'addresses', addresses: ['fd00::6'] }
    },
    {
      asked: 'a name with the other family',
      name: 'www.example.com',
      answers: { kind: 'nodata', zone: 'example.com' }
    },
    {
      asked: 'an alias of the other family',
      name: 'alias.example.com',
      answers: { kind: 'nodata', zone: 'example.com' }
    },
    {
      asked: 'what the cloud publishes without',
      name: 'outside.example.com',
      answers: { kind: 'nodata', zone: 'vendor.test' }
    }
  ]) {
    test(`${asked}: ${answers.kind}`, () => {
      expect(resolvePrivately(name, 'AAAA', zones, published)).toEqual(answers)
    })
  }
})
