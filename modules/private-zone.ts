import type { Construct } from 'constructs'
import type { PrivateRecord } from './private-link.ts'

/** Answers hosts inside a network. Each kind of zone on each cloud is a class of its own. */
export interface PrivateZone<HostToAnswer> {
  /** Adds what answers a host, below `scope`. */
  addHost(scope: Construct, host: HostToAnswer): PrivateRecord
}

/** Two kinds of zone at once, on the way from one to the other: one answers, the other stands by. */
export class ZonePair<HostToAnswer> implements PrivateZone<HostToAnswer> {
  private readonly answering: PrivateZone<HostToAnswer>
  private readonly standby: PrivateZone<HostToAnswer>

  constructor(answering: PrivateZone<HostToAnswer>, standby: PrivateZone<HostToAnswer>) {
    this.answering = answering
    this.standby = standby
  }

  addHost(scope: Construct, host: HostToAnswer): PrivateRecord {
    this.standby.addHost(scope, host)
    return this.answering.addHost(scope, host)
  }
}
