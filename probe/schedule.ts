import { setTimeout as sleep } from 'node:timers/promises'
import { createQueryBudget } from './query-budget.ts'

/** Something done again and again. */
export interface Task {
  readonly name: string
  /** Queries that it will send, at most, while nothing is lost. */
  readonly queries: number
  /**
   * Does it once, and gives the queries that it sent after all.
   * Rejects with the signal's reason when that is aborted; rejecting otherwise is a bug, and ends the process.
   */
  readonly run: (signal: AbortSignal) => Promise<number>
}

/** Loops, one for each task. */
export interface Schedule {
  /** Starts loops for new tasks and ends those of tasks that are not among these; the same objects go on undisturbed. */
  readonly set: (tasks: readonly Task[]) => void
  /** Ends all loops; resolves when nothing runs any more. */
  readonly close: () => Promise<void>
}

interface ScheduleOptions {
  readonly intervalMs: number
  readonly queriesPerSecond: number
  /** Told of every beginning that was missed, because the task or its wait for queries took longer than the interval. */
  readonly onOverrun: (name: string) => void
}

/**
 * One loop for each task: a task begins anew when the last time has ended and its turn in the interval has come, so that
 * it never runs twice at once. Turns are spread over the interval.
 */
export function createSchedule({ intervalMs, queriesPerSecond, onOverrun }: ScheduleOptions): Schedule {
  const loops = new Map<string, { readonly task: Task; readonly stop: AbortController }>()
  /** Of every name the newest loop that has not ended, stopped or not. */
  const unended = new Map<string, Promise<void>>()
  let closed = false
  const budget = createQueryBudget(queriesPerSecond)

  const loop = async ({ name, queries, run }: Task, firstMs: number, signal: AbortSignal) => {
    let due = performance.now() + firstMs
    for (;;) {
      await sleep(Math.max(0, due - performance.now()), undefined, { signal })
      await budget.take(queries, signal)
      const sent = await run(signal)
      budget.owe(Math.max(0, sent - queries))
      due += intervalMs
      while (due < performance.now()) {
        due += intervalMs
        onOverrun(name)
      }
    }
  }

  const start = (task: Task, firstMs: number) => {
    const stop = new AbortController()
    const ended = (unended.get(task.name) ?? Promise.resolve())
      .then(() => loop(task, firstMs, stop.signal))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) throw error
      })
      .finally(() => {
        if (unended.get(task.name) === ended) unended.delete(task.name)
      })
    unended.set(task.name, ended)
    loops.set(task.name, { task, stop })
  }

  return {
    set: tasks => {
      if (closed) return
      const wanted = new Map(tasks.map(task => [task.name, task]))
      for (const [name, { task, stop }] of loops) {
        if (wanted.get(name) === task) continue
        stop.abort(new Error('removed'))
        loops.delete(name)
      }
      const added = tasks.filter(({ name }) => !loops.has(name))
      added.forEach((task, index) => {
        start(task, (intervalMs * index) / added.length)
      })
    },
    close: async () => {
      closed = true
      for (const { stop } of loops.values()) stop.abort(new Error('closed'))
      loops.clear()
      await Promise.all(unended.values())
    }
  }
}
