import { configLimits } from '../schema/limits.ts'
import type { Bound } from './bound.ts'

const refused = 'The probe does not start. One that runs keeps its config and logs why.'

/** What an operator can give: a config, outputs, and the files that a config names. */
export const configBounds: readonly Bound[] = [
  {
    what: 'file: config, outputs, authorities, certificate, key, password, `/etc/resolv.conf`',
    most: configLimits.fileBytes,
    unit: 'bytes',
    beyond: `${refused} A pipe, a device, a socket and a directory are refused too.`,
    test: 'a file is refused in one line'
  },
  {
    what: 'lists and objects inside each other',
    most: configLimits.depth,
    unit: 'levels',
    beyond: refused,
    test: 'is nested too deeply'
  },
  {
    what: 'values in one file, those behind YAML aliases counted each time',
    most: configLimits.values,
    unit: 'values',
    beyond: refused,
    test: 'holds too many values'
  },
  {
    what: 'YAML aliases in one file',
    most: configLimits.aliases,
    unit: 'aliases',
    beyond: refused,
    test: 'has too many aliases'
  },
  {
    what: 'keys that YAML merges (`<<`) in one file',
    most: configLimits.mergedKeys,
    unit: 'keys',
    beyond: refused,
    test: 'merges too many keys'
  },
  {
    what: 'targets of one probe',
    most: configLimits.targets,
    unit: 'targets',
    beyond: refused,
    test: 'targets beyond a limit are one mistake'
  },
  {
    what: 'mistakes reported one by one',
    most: configLimits.mistakes,
    unit: 'mistakes',
    beyond: 'The probe reports how many more there are.',
    test: 'mistakes beyond a limit are counted'
  }
]
