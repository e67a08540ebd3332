import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Evidence } from '../cases/evidence.ts'
import { isResolved } from '../cases/reading.ts'
import type { OwnMachine, Whereabouts } from '../causes/question.ts'
import { allClouds } from '../clouds.ts'
import { canonicalAddress } from '../facts/address.ts'
import type { Target } from '../target.ts'
import { readOwnHardware } from './own-hardware.ts'

/** A metadata service answers within milliseconds. Where there is none, packets to it are dropped, or go anywhere. */
const metadataMs = 500

/** What the metadata service of this machine's cloud says; `undefined` if none answers in time. */
export async function findOwnMachine(signal: AbortSignal): Promise<OwnMachine | undefined> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(metadataMs)])
  const answers = await Promise.all(
    allClouds.map(({ configuration }) =>
      configuration.ownMachine(over).catch((error: unknown) => {
        if (over.aborted) return undefined
        throw error
      })
    )
  )
  return answers.find(machine => machine !== undefined)
}

/**
 * Where clients are: this machine, as far as it knows that by itself.
 *
 * @param machine by its metadata service
 */
export async function whereaboutsFor(
  { addresses, expected = [] }: Pick<Evidence<Target>, 'addresses' | 'expected'>,
  machine: OwnMachine | undefined
): Promise<Whereabouts> {
  const resolved = addresses.filter(isResolved).map(({ address }) => address)
  const own = await ownAddressesTowards(resolved.length > 0 ? resolved : expected)
  return { addresses: own, machine, hardware: await readOwnHardware(own) }
}

/** The addresses that packets to these leave from. Nothing is sent. */
export async function ownAddressesTowards(resolved: readonly string[]): Promise<Whereabouts['addresses']> {
  const towards = await Promise.all(resolved.map(sourceTowards))
  const known = new Set(towards.filter(address => address !== undefined))
  return known.size > 0 ? [...known] : ownAddresses()
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap(all => all ?? [])
    .filter(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/.test(address))
    .map(({ address }) => canonicalAddress(address))
}

/** What the kernel takes as the source for a destination (RFC 6724, RFC 1122 section 3.3.4.3). `undefined` without a route. */
async function sourceTowards(destination: string): Promise<string | undefined> {
  const socket = createSocket(isIPv6(destination) ? 'udp6' : 'udp4')
  try {
    const connected = once(socket, 'connect')
    // Any port: a datagram socket that is connected sends nothing by itself.
    socket.connect(9, destination)
    await connected
    return canonicalAddress(socket.address().address)
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined
    throw error
  } finally {
    socket.close()
  }
}
