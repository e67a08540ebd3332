import { allClouds } from '../clouds.ts'

/** Everything that may be wrong with the probe itself, and which verdicts it may have falsified. Only these are held. */
export const impairments = [
  {
    id: 'event-loop-stall',
    invalidates: 'verdicts of that time that rest on silence; findings of slowness do not count',
    meaning:
      'The probe did not run for more than a second. Silence or slowness in that time may be its own. The log and `/healthz` name the work that took the time, if it was work.',
    remedy:
      'if no work is named, give the probe more processor time and check whether its container is throttled; if a target is named, see what its server or resolver sends'
  },
  {
    id: 'clock-step',
    invalidates: 'verdicts on dates that differ by the clock before the step',
    meaning: 'The system clock jumped. Dates may have been compared with the wrong time.',
    remedy: 'find out why time synchronization steps the clock instead of slewing it'
  },
  {
    id: 'clock-skew',
    invalidates: "verdicts on dates that differ by the servers' clocks",
    meaning:
      'The system clock differs by more than a minute from the clocks of all servers with a valid certificate. The probe compares certificate dates with the system clock.',
    remedy: `synchronize the clock with the cloud's time service: ${allClouds.map(({ title, timeServer }) => `${timeServer} on ${title}`).join(', ')}`
  },
  {
    id: 'out-of-resources',
    invalidates: 'verdicts on targets for which a socket was refused',
    meaning:
      'The operating system refuses sockets to the probe, or is about to: file descriptors, ports or memory ran out.',
    remedy: 'raise the limit of open files, or watch fewer targets from one probe'
  },
  {
    id: 'no-network',
    invalidates: 'verdicts on targets of which nothing could be reached',
    meaning: 'The machine that the probe runs on has no address, or can reach nothing of any target.',
    remedy: 'check the network interface and the routes of the machine or pod: `ip address` and `ip route`'
  },
  {
    id: 'config-rejected',
    invalidates: undefined,
    meaning: 'The config has changed and the new one has mistakes. The probe continues with the old one.',
    remedy: "correct what the probe's log reports about the config"
  }
] as const satisfies readonly {
  readonly id: string
  /** The verdicts that it can have falsified. */
  readonly invalidates: string | undefined
  readonly meaning: string
  readonly remedy: string
}[]

/** The id of an impairment: a closed set. */
export type ImpairmentId = (typeof impairments)[number]['id']
