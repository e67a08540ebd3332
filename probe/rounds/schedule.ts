import { type Alarm, createAlarm } from './alarm.ts'
import { createQueryBudget } from './query-budget.ts'

/** Something done again and again. */
export interface Task {
  readonly name: string
  /** Queries that it will send, at most, while nothing is lost. */
  readonly queries: number
  /**
   * Does it once. Rejects with the signal's reason when that is aborted; rejecting otherwise is a bug, and ends the process.
   */
  readonly run: (signal: AbortSignal, run: TaskRun) => Promise<Ran>
}

/** One run of a task. */
export interface TaskRun {
  /** Whether an earlier run or {@link Schedule.runSoon} asked for it. If not, it is the task's turn in the interval. */
  readonly isAgain: boolean
  /**
   * Takes further queries, of those that are left while no task waits for any. It can wait for as long as the task runs. Rejects when
   * the signal is aborted.
   */
  readonly takeMore: (queries: number, signal: AbortSignal) => Promise<void>
}

/** The result of a run. */
export interface Ran {
  /** The queries that it sent after all. */
  readonly queries: number
  /**
   * In how many milliseconds to run again, ascending. These runs replace turns that come meanwhile; those that a run before its turn
   * asks for end with the next turn. If it is empty, what an earlier run asked for stays.
   */
  readonly again: readonly number[]
}

/** Loops, one for each task. */
export interface Schedule {
  /** Starts loops for new tasks and ends those of tasks that are not among these; the same objects go on undisturbed. */
  readonly set: (tasks: readonly Task[]) => void
  /**
   * Runs a task once more at once, or when its present run has ended. Its queries are not those of the budget, so that no other task
   * waits for them: the caller limits how often this is called. Does nothing if there is no such task.
   */
  readonly runSoon: (name: string) => void
  /** Ends all loops; resolves when nothing runs any more. */
  readonly close: () => Promise<void>
}

interface ScheduleOptions {
  readonly intervalMs: number
  readonly queriesPerSecond: number
  /**
   * Called for every turn that was missed, because the task or its wait for queries took longer than the interval. A turn that a
   * requested run replaces is not missed.
   */
  readonly onOverrun: (name: string) => void
}

/**
 * One loop for each task: a task begins anew when the last time has ended and its turn in the interval has come, so that
 * it never runs twice at once. Turns are spread over the interval. They stay where they are when a task asks to run again sooner. Such
 * runs take queries only while no task waits whose turn has come.
 */
export function createSchedule({ intervalMs, queriesPerSecond, onOverrun }: ScheduleOptions): Schedule {
  const loops = new Map<string, { readonly task: Task; readonly stop: AbortController; readonly alarm: Alarm }>()
  /** Of every name the newest loop that has not ended, stopped or not. */
  const unended = new Map<string, Promise<void>>()
  let closed = false
  const budget = createQueryBudget(queriesPerSecond)

  const loop = async ({ name, queries, run }: Task, firstMs: number, alarm: Alarm, signal: AbortSignal) => {
    let turn = performance.now() + firstMs
    /** When it shall run again before its turn, by `performance.now()`. */
    let again: readonly number[] = []
    /** Turns that such runs take the place of, if they come meanwhile. */
    let replaceable = 0
    for (;;) {
      const [asked, ...later] = again
      const isRequested = await alarm.sleep(Math.max(0, (asked ?? turn) - performance.now()), signal)
      const isAgain = isRequested || asked !== undefined
      if (!isRequested) await budget.take(queries, signal, asked === undefined ? undefined : turnAfter(turn, asked))
      let more = 0
      const takeMore = async (count: number, until: AbortSignal) => {
        await budget.take(count, until, Number.POSITIVE_INFINITY)
        more += count
      }
      const ran = await run(signal, { isAgain, takeMore })
      if (!isRequested) budget.owe(Math.max(0, ran.queries - queries - more))
      const now = performance.now()
      if (!isAgain) {
        turn += intervalMs
        replaceable = ran.again.length
      }
      let mayReplace = isRequested
      while (turn < now) {
        turn += intervalMs
        if (mayReplace) mayReplace = false
        else if (replaceable > 0) replaceable -= 1
        else onOverrun(name)
      }
      const wished = ran.again.map(ms => now + ms)
      // What such a run asks for in its turn replaces no further turn, or the task would never have one again.
      const earlier = isRequested ? again : later
      again = wished.length === 0 ? earlier : wished.filter(at => !isAgain || at < turn)
    }
  }
  /** The first turn at or after a time. */
  const turnAfter = (turn: number, at: number) => turn + Math.max(0, Math.ceil((at - turn) / intervalMs)) * intervalMs

  const start = (task: Task, firstMs: number) => {
    const stop = new AbortController()
    const alarm = createAlarm()
    const ended = (unended.get(task.name) ?? Promise.resolve())
      .then(() => loop(task, firstMs, alarm, stop.signal))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) throw error
      })
      .finally(() => {
        if (unended.get(task.name) === ended) unended.delete(task.name)
      })
    unended.set(task.name, ended)
    loops.set(task.name, { task, stop, alarm })
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
    runSoon: name => loops.get(name)?.alarm.ring(),
    close: async () => {
      closed = true
      for (const { stop } of loops.values()) stop.abort(new Error('closed'))
      loops.clear()
      await Promise.all(unended.values())
    }
  }
}
