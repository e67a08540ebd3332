import type { Construct } from 'constructs'
import type { PrivateRecord } from './private-link.ts'

/** Answers hosts inside a network. Each kind of zone on each cloud is a class of its own. */
export interface PrivateZone<AnsweredHost> {
  /** Adds what answers a host, below `scope`. */
  addHost(scope: Construct, host: AnsweredHost): PrivateRecord
}

/** Two kinds of zone at once, on the way from one to the other: one answers, the other stands by. */
export class ZonePair<AnsweredHost> implements PrivateZone<AnsweredHost> {
  private readonly answering: PrivateZone<AnsweredHost>
  private readonly standby: PrivateZone<AnsweredHost>

  constructor(answering: PrivateZone<AnsweredHost>, standby: PrivateZone<AnsweredHost>) {
    this.answering = answering
    this.standby = standby
  }

  addHost(scope: Construct, host: AnsweredHost): PrivateRecord {
    this.standby.addHost(scope, host)
    return this.answering.addHost(scope, host)
  }
}
