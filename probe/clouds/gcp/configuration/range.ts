import { BlockList, isIP } from 'node:net'

export const isAddress = (text: string) => isIP(text) !== 0

/** Whether a text is an address or a subnet, as Google writes them in ranges. */
export function isRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
}

/** Whether an address is in a range; those of one family are never in those of the other. */
export function isInRange(address: string, range: string): boolean {
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  const [network = ''] = range.split('/')
  if (isIP(address) === 0 || isIP(network) !== isIP(address)) return false
  const list = new BlockList()
  list.addSubnet(network, prefixLength(range), family)
  return list.check(address, family)
}

/** The length of a range's prefix. */
export function prefixLength(range: string): number {
  const [address = '', prefix] = range.split('/')
  return prefix === undefined ? (isIP(address) === 4 ? 32 : 128) : Number(prefix)
}
