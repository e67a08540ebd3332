/** Who has a place. */
export interface Holder {
  /** Whether its place may be given to another. */
  readonly mayLose: () => boolean
  /** Told that its place has been given to another. */
  readonly onLose: () => void
}

/** A limited number of places. */
export interface Places {
  /**
   * Takes a place for a client address. If there is none, the oldest holder that may lose its place does: of the same address
   * if that has too many, else of the address that has most.
   *
   * @returns a function that gives the place back, any number of times; `undefined` if no place is free
   */
  readonly take: (address: string, holder: Holder) => (() => void) | undefined
}

/** Shares places between client addresses, so that no flood from some keeps a newcomer out. */
export function createPlaces({ total, perAddress }: { readonly total: number; readonly perAddress: number }): Places {
  /** By address; the oldest first. */
  const holders = new Map<string, Set<Holder>>()
  let taken = 0

  const give = (address: string, holder: Holder) => {
    const own = holders.get(address)
    if (own?.delete(holder) !== true) return
    taken -= 1
    if (own.size === 0) holders.delete(address)
  }
  const displace = (address: string) => {
    const oldest = [...(holders.get(address) ?? [])].find(({ mayLose }) => mayLose())
    if (oldest === undefined) return false
    give(address, oldest)
    oldest.onLose()
    return true
  }
  const withMost = () =>
    [...holders].toSorted(([, one], [, other]) => other.size - one.size).map(([address]) => address)

  return {
    take: (address, holder) => {
      if ((holders.get(address)?.size ?? 0) >= perAddress && !displace(address)) return undefined
      if (taken >= total && !withMost().some(displace)) return undefined
      const own = holders.get(address) ?? new Set()
      holders.set(address, own.add(holder))
      taken += 1
      return () => give(address, holder)
    }
  }
}
