import type { Clock } from '@subagent-mcp/contract'
import { isSameProcessRunning, signalProcessGroup, trySignalProcess } from '@subagent-mcp/driver-kit'
import { exitCodeIn } from './exit-file.js'
import type { FleetEffect, WorkerFact } from './fact.js'
import { keyNames } from './key-names.js'
import type { WorkerEntry, WorkerProcess } from './member.js'
import { keepSmall, lastLineOf, startWorker, workerFiles } from './worker-process.js'

/** The paths, environment and settings with which a fleet's processes run. */
export type RunningParts = {
  script: string
  /** The folder in which the stderr and the exit code of each worker are stored. */
  folder: string
  environmentOf: () => NodeJS.ProcessEnv
  /** Returns the milliseconds that a worker may take to end after SIGTERM. */
  graceOf: () => number
  clock: Clock
  dispatch: (fact: WorkerFact) => void
}

/** The processes of a fleet. */
export type FleetProcesses = {
  /** Runs an action. Its outcome is dispatched as a fact, always after this function has returned. */
  run(effect: FleetEffect): void
  /** Stops watching the processes, which keep running. */
  letGo(): void
}

/** `looked`: the pids of processes whose end will be noticed, by an event or by polling. */
type Running = RunningParts & { looked: Set<number>; later(milliseconds: number, act: () => void): void }

/** Creates the processes of a fleet. No process is started before the first action. */
export function runFleet(parts: RunningParts): FleetProcesses {
  let isLetGo = false
  const later: Running['later'] = (milliseconds, act) => {
    parts.clock.after(milliseconds, () => {
      if (!isLetGo) act()
    })
  }
  const running: Running = { ...parts, looked: new Set(), later }
  return {
    run: (effect) => {
      carryOut(running, effect)
    },
    letGo: () => {
      isLetGo = true
    },
  }
}

function carryOut(running: Running, effect: FleetEffect): void {
  const { later, clock, dispatch } = running
  switch (effect.type) {
    case 'start':
      void start(running, effect.entry)
      return
    case 'watch':
      watch(running, effect)
      return
    case 'end':
      watch(running, effect)
      end(running, effect.process)
      return
    case 'pause': {
      const { name, due } = effect
      later(due - clock.now(), () => {
        dispatch({ type: 'pause-ended', name, due })
      })
    }
  }
}

async function start(running: Running, entry: WorkerEntry): Promise<void> {
  const { script, folder, environmentOf, clock, looked, dispatch } = running
  const { name } = entry
  const environment = environmentOf()
  const started = await startWorker({
    ...{ entry, script, folder, environment },
    onEnd: ({ process, code, signal }) => {
      tellEnd(running, { name, process }, { code: code ?? undefined, ...(signal && { signal }) })
    },
  })
  const at = clock.now()
  if (typeof started === 'string') dispatch({ type: 'start-failed', name, error: started, at })
  else {
    looked.add(started.pid)
    tidy(running, { name, process: started })
    dispatch({ type: 'worker-started', name, process: started, keys: keyNames(environment), at })
  }
}

type Named = { name: string; process: WorkerProcess }

/** Polls a process that an earlier daemon started, because the system reports only the ends of child processes. */
function watch(running: Running, worker: Named): void {
  const { looked, later } = running
  if (looked.has(worker.process.pid)) return
  looked.add(worker.process.pid)
  tidy(running, worker)
  later(0, () => {
    look(running, worker)
  })
}

/** The milliseconds between two looks at such a process. */
const lookEveryMs = 1_000

function look(running: Running, worker: Named): void {
  if (isSameProcessRunning(worker.process)) {
    running.later(lookEveryMs, () => {
      look(running, worker)
    })
    return
  }
  const { exit } = workerFiles(running.folder, worker.name)
  tellEnd(running, worker, { code: exitCodeIn(exit, worker.process.pid) })
}

function tidy(running: Running, worker: Named): void {
  running.later(tidyEveryMs, () => {
    if (!running.looked.has(worker.process.pid)) return
    keepSmall(workerFiles(running.folder, worker.name).stderr)
    tidy(running, worker)
  })
}

const tidyEveryMs = 3_600_000

function tellEnd(
  { folder, clock, looked, dispatch }: Running,
  { name, process }: Named,
  end: { code: number | undefined; signal?: string },
): void {
  looked.delete(process.pid)
  const lastLine = lastLineOf(workerFiles(folder, name).stderr)
  dispatch({ type: 'worker-ended', name, process, at: clock.now(), lastLine, ...end })
}

function end({ later, graceOf }: Running, worker: WorkerProcess): void {
  if (isSameProcessRunning(worker)) trySignalProcess(worker.pid, 'SIGTERM')
  later(graceOf(), () => {
    if (isSameProcessRunning(worker)) signalProcessGroup(worker.pid, 'SIGKILL')
  })
}
