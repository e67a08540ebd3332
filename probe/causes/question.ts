import type { CaseId } from '../cases/catalogue.ts'

/** What a cloud is asked about: a target, what clients get, and where they are. Plain data. */
export interface CloudQuestion<Target> {
  readonly target: Target
  readonly case: CaseId
  /** The addresses that the host has for clients here, by libc or by a resolver. Empty if it has none. */
  readonly resolved: readonly string[]
  /** The addresses of the resolvers that were queried. */
  readonly resolvers: readonly string[]
  readonly from: Whereabouts
}

/** Where clients are: this machine. */
export interface Whereabouts {
  /** The addresses that its packets to the host leave from, or all of its own if the host has none. No loopback, no link-local. */
  readonly addresses: readonly string[]
  /** What the metadata service of its cloud says. `undefined` if none answers: it may still be a machine of a cloud. */
  readonly machine: OwnMachine | undefined
  /** @default - nothing is known of it */
  readonly hardware?: OwnHardware | undefined
}

/** The hardware under this machine. */
export interface OwnHardware {
  /** Its maker, as the firmware names it: that of a cloud, or such as `LENOVO`. Escaped for prose. */
  readonly maker: string | undefined
  /** Whether this is a virtual machine; `undefined` if the processor does not tell. */
  readonly isVirtual: boolean | undefined
  /**
   * Whether packets leave by a network device of its own, and so with the address that is known here. Those of a container, a pod, a
   * bridge or a tunnel may leave the machine with another address.
   */
  readonly hasDevice: boolean
}

/**
 * Whether this is a computer that stands somewhere, and is no machine of a cloud: clouds give out virtual machines, and whole computers
 * of makers of their own.
 *
 * @param makers of the clouds
 */
export function isOnPremises(hardware: OwnHardware | undefined, makers: readonly RegExp[]): boolean {
  const { maker = '', isVirtual, hasDevice } = hardware ?? {}
  return hasDevice === true && isVirtual === false && maker !== '' && !makers.some(cloud => cloud.test(maker))
}

/** This machine by its cloud's metadata service; the fields of a cloud's own are `undefined` where it does not say. */
export interface OwnMachine {
  /** The id of a cloud. */
  readonly cloud: string
  /** The account or project. */
  readonly account: string | undefined
  readonly region: string | undefined
  /** The availability zone. */
  readonly zone: string | undefined
  /** The network, by the id that its own API knows it by. */
  readonly network: string | undefined
  /** The network interface, the instance, or whatever its own API knows it by. */
  readonly id: string | undefined
}
