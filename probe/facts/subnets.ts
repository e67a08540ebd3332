import { BlockList, isIP, isIPv6 } from 'node:net'

/** A test whether an address literal is in one of some subnets. */
export function subnets(all: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const subnet of all) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family(network))
  }
  return address => list.check(address, family(address))
}

function family(address: string): 'ipv4' | 'ipv6' {
  if (isIP(address) === 0) throw new TypeError(`not an address: ${address}`)
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
