import { confirmed, judgedBy, notKnown, type Ruling, ruledOut } from '../../../causes/cause.ts'
import type { CloudQuestion } from '../../../causes/question.ts'
import type { AwsTarget } from '../target.ts'
import type { AwsFacts } from './facts.ts'
import { awsMaker } from './own-machine.ts'
import { isInRanges } from './security-group.ts'

/**
 * Whether this machine is outside the VPC of the link: by its metadata, or else by its network interface. That no interface has its
 * address proves it only where packets of a machine of AWS leave with that address, and not where this may be a container.
 */
export function elsewhere(
  { vpc, clientInterface }: AwsFacts,
  { target, from: { addresses, machine, hardware } }: CloudQuestion<AwsTarget>
): Ruling {
  const vpcId = (vpc.kind === 'answered' ? vpc.answer?.id : undefined) ?? target.vpcId
  if (machine !== undefined && machine.cloud !== 'aws') {
    return confirmed(`this machine is in another cloud (${machine.cloud}), according to its metadata`)
  }
  if (machine?.network !== undefined && vpcId !== undefined) {
    return machine.network === vpcId
      ? ruledOut(`this machine is in VPC ${vpcId}, according to its metadata`)
      : confirmed(`this machine is in VPC ${machine.network}, and not in ${vpcId} of the link`)
  }
  if (machine?.region !== undefined && machine.region !== target.region) {
    return confirmed(`this machine is in region ${machine.region}, and the link in ${target.region}`)
  }
  return judgedBy({ vpc, clientInterface }, answers => {
    const own = answers.clientInterface
    if (answers.vpc === undefined) return notKnown('the credentials do not belong to the account of the link')
    if (own !== undefined) {
      return own.vpcId === answers.vpc.id
        ? ruledOut(`network interface ${own.id} of VPC ${own.vpcId} has the address of this machine`)
        : confirmed(
            `this machine is in VPC ${own.vpcId}, according to network interface ${own.id}, and not in ${answers.vpc.id}`
          )
    }
    const { id, ranges } = answers.vpc
    const within = addresses.find(address => isInRanges(ranges, address))
    // Pods take addresses from prefixes that an interface has as a whole.
    if (within !== undefined) return notKnown(`no network interface has ${within}, but it is in a range of VPC ${id}`)
    if (addresses.length === 0) return notKnown('the address of this machine is not known')
    const none = `no network interface of VPC ${id} has the address ${addresses.join(' or ')} of this machine, and none of its ranges (${ranges.join(', ')}) has it`
    return hardware?.hasDevice === true && awsMaker.test(hardware.maker ?? '')
      ? confirmed(none)
      : notKnown(`${none}, but a container, a pod or a virtual machine in it can have an address of its own`)
  })
}
