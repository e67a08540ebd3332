import { BlockList, isIP, isIPv6 } from 'node:net'

/** Answers that a test remembers: the addresses of all targets, which are asked about several times in each round. */
const mostAnswers = 4096

/** A test whether an address literal is in one of some subnets. */
export function subnets(all: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const subnet of all) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family(network))
  }
  const answers = new Map<string, boolean>()
  return address => {
    const known = answers.get(address)
    if (known !== undefined) return known
    const answer = list.check(address, family(address))
    if (answers.size >= mostAnswers) answers.clear()
    answers.set(address, answer)
    return answer
  }
}

function family(address: string): 'ipv4' | 'ipv6' {
  if (isIP(address) === 0) throw new TypeError(`not an address: ${address}`)
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
