import { allClouds } from '../clouds.ts'

/** Everything that can be wrong with the probe itself, and which verdicts it can falsify. The probe holds only those verdicts. */
export const impairments = [
  {
    id: 'event-loop-stall',
    invalidates: 'verdicts of that time that rest on silence; findings of slowness do not count',
    meaning:
      'The probe did not run for more than a second. Silence or slowness in that time may be its own. If work of the probe took the time, the log and `/healthz` name it.',
    remedy:
      'If no work is named, give the probe more CPU time, and check whether its container is throttled. If a target is named, check what its server or resolver sends.'
  },
  {
    id: 'clock-step',
    invalidates: 'verdicts on dates that differ by the clock before the step',
    meaning: 'The system clock jumped. Dates may have been compared with the wrong time.',
    remedy: 'Find out why time synchronization steps the clock instead of slewing it.'
  },
  {
    id: 'clock-skew',
    invalidates: "verdicts on dates that differ by the servers' clocks",
    meaning:
      'The system clock differs by more than a minute from the clocks of all servers with a valid certificate. The probe compares certificate dates with the system clock.',
    remedy: `Synchronize the clock with the cloud's time service: ${allClouds.map(({ title, timeServer }) => `${timeServer} on ${title}`).join(', ')}.`
  },
  {
    id: 'out-of-resources',
    invalidates: 'verdicts on targets for which the operating system refused a socket',
    meaning:
      'The probe has run out of file descriptors, ports or memory, or is about to. The operating system refuses its sockets.',
    remedy: 'Raise the limit on open files, or watch fewer targets with one probe.'
  },
  {
    id: 'no-network',
    invalidates: 'verdicts on targets of which the probe reached nothing',
    meaning: 'The machine of the probe has no address, or reaches no resolver and no address of any target.',
    remedy: 'Check the network interface and the routes of the machine or pod with `ip address` and `ip route`.'
  },
  {
    id: 'config-rejected',
    invalidates: undefined,
    meaning: 'The new config has mistakes. The probe continues with the old config.',
    remedy: "Correct the mistakes that the probe's log reports."
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
