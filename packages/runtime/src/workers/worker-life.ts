/** The most restarts of a worker within a time in milliseconds. After more restarts the worker is given up. */
export type RestartAllowance = { max: number; withinMs: number }

/**
 * The life of a worker. `starting`: its loops have begun, and it is not registered in the mailbox yet. `stopping`: its loops were asked to
 * end. `due`: the time of the restart. Nothing follows `stopped` and `given-up`. Times are Unix milliseconds.
 */
export type WorkerLife = (
  | { status: 'starting' | 'running' | 'stopping' | 'stopped' | 'given-up'; since: number }
  | { status: 'restarting'; due: number }
) & {
  restarts: number
  /** The times of the newest restarts. */
  recent: readonly number[]
  lastError?: string
}

/** An event in the life of a worker. */
export type WorkerFact =
  | { type: 'registered'; at: number }
  | { type: 'stop-requested'; at: number }
  /** The loops have ended because they were asked to, or because the worker handles one batch only. */
  | { type: 'loops-ended'; at: number }
  /** The loops have ended by an error. `isFinal`: a restart is useless. */
  | { type: 'loops-failed'; at: number; error: string; isFinal: boolean }
  | { type: 'pause-ended'; at: number }

/** An action on a worker. `run` leads to the facts about loops, `pause` to `pause-ended`. */
export type WorkerEffect = { type: 'run' } | { type: 'stop' } | { type: 'pause'; due: number }

type Step = readonly [WorkerLife, ...WorkerEffect[]]

/** Returns the life of a worker that is started, and the actions to run. */
export function beginWorkerLife(at: number): Step {
  return [{ status: 'starting', since: at, restarts: 0, recent: [] }, { type: 'run' }]
}

/** Returns the life of a worker after a fact, and the actions to run. A fact that comes too late changes nothing. */
export function reduceWorkerLife(life: WorkerLife, fact: WorkerFact, allowance: RestartAllowance): Step {
  switch (life.status) {
    case 'starting':
    case 'running':
      return whileRunning(life, fact, allowance)
    case 'stopping':
      return fact.type === 'loops-ended' || fact.type === 'loops-failed'
        ? [next(life, 'stopped', fact.at)]
        : [life]
    case 'restarting':
      if (fact.type === 'pause-ended') return [next(life, 'starting', fact.at), { type: 'run' }]
      return fact.type === 'stop-requested' ? [next(life, 'stopped', fact.at)] : [life]
    case 'stopped':
    case 'given-up':
      return [life]
  }
}

function whileRunning(life: WorkerLife, fact: WorkerFact, allowance: RestartAllowance): Step {
  switch (fact.type) {
    case 'registered':
      return [next(life, 'running', fact.at)]
    case 'stop-requested':
      return [next(life, 'stopping', fact.at), { type: 'stop' }]
    case 'loops-ended':
      return [next(life, 'stopped', fact.at)]
    case 'loops-failed':
      return afterFailure(life, fact, allowance)
    case 'pause-ended':
      return [life]
  }
}

/** Plans a restart after a pause that doubles each time, or gives the worker up if it has failed too often. */
function afterFailure(
  life: WorkerLife,
  { at, error, isFinal }: Extract<WorkerFact, { type: 'loops-failed' }>,
  { max, withinMs }: RestartAllowance,
): Step {
  if (isFinal) return [{ ...next(life, 'given-up', at), lastError: error }]
  const recent = life.recent.filter((time) => time > at - withinMs)
  if (recent.length >= max) {
    const minutes = Math.round(withinMs / 6_000) / 10
    const lastError = `${error} (restarted ${recent.length} times within ${minutes} min)`
    return [{ ...next(life, 'given-up', at), recent, lastError }]
  }
  const due = at + Math.min(1_000 * 2 ** recent.length, longestPause)
  const restarts = life.restarts + 1
  return [
    { status: 'restarting', due, restarts, recent: [...recent, at], lastError: error },
    { type: 'pause', due },
  ]
}

const longestPause = 60_000

function next(
  { restarts, recent, lastError }: WorkerLife,
  status: Exclude<WorkerLife['status'], 'restarting'>,
  since: number,
): WorkerLife {
  return { status, since, restarts, recent, ...(lastError !== undefined && { lastError }) }
}
