import { confirmed, notKnown, type Ruling, ruledOut } from '../causes/cause.ts'
import { isOnPremises, type Whereabouts } from '../causes/question.ts'
import { allClouds, cloudOf } from '../clouds.ts'
import { escapeProse } from '../facts/escape.ts'
import type { Target } from '../target.ts'

/** Whether this machine is outside the network of a link, as far as its metadata service or its hardware tells. */
export function elsewhereBy({ machine, hardware }: Pick<Whereabouts, 'machine' | 'hardware'>, target: Target): Ruling {
  if (machine === undefined)
    return byHardware(hardware) ?? notKnown('no metadata service of a cloud answers on this machine')
  const cloud = cloudOf(target.cloud)
  if (machine.cloud !== target.cloud) {
    return confirmed(`this machine is on ${titleOf(machine.cloud)}, and the link is on ${cloud.title}`)
  }
  const network = cloud.network(target)
  if (machine.network === undefined) return notKnown('the metadata service of this machine does not name its network')
  if (network === undefined) return notKnown('the config does not say in which network the link is')
  const here = escapeProse(machine.network, 200)
  return machine.network === network
    ? ruledOut(`this machine is in ${here}, the network of the link`)
    : confirmed(`this machine is in ${here}, and the link is in ${network}`)
}

/** That this machine is in no cloud. `undefined` if it may be in one. */
export function byHardware(hardware: Whereabouts['hardware']): Ruling | undefined {
  const makers = allClouds.map(({ maker }) => maker)
  return isOnPremises(hardware, makers)
    ? confirmed(`this machine is a computer of ${hardware?.maker}, and in no cloud`)
    : undefined
}

const titleOf = (id: string) => allClouds.find(cloud => cloud.id === id)?.title ?? 'another cloud'
