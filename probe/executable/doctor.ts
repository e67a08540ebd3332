import { basename } from 'node:path'

// All that the executable runs. Doctor starts a process for lookups by libc, and this file is the only one that there is.
if (process.connected && basename(process.argv[2] ?? '').startsWith('libc-process')) {
  void import('../observers/libc-process.ts')
} else {
  void import('../doctor/doctor.ts')
}
