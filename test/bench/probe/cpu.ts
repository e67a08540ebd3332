import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'

/** Ticks of the clock in which /proc counts: USER_HZ, 100 on every Linux. */
const ticksPerSecond = 100

/** Seconds of processor time that a process has used, its own and the kernel's on its behalf (proc_pid_stat(5)). */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name before may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Memory of a process that is resident, in megabytes: now, and at most so far. */
export async function residentMegabytes(pid: number): Promise<{ readonly now: number; readonly most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const of = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1000
  return { now: of('VmRSS'), most: of('VmHWM') }
}

/** The machine, in a few words. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${availableParallelism()} cores of ${model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`
}

/** The middle one. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? Number.NaN
}
