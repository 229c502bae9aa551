import { startTimeOf } from '@subagent-mcp/driver-kit'
import type { WorkerEnd } from '@subagent-mcp/worker'
import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { readyDaemon } from '../daemon/reach-daemon.js'
import { readConfig } from '../settings/config.js'
import { stateFolderOf } from '../settings/state-folder.js'
import type { WorkerLaunch } from './daemon-turns.js'
import { planWork, type WorkPlace } from './plan-work.js'
import { runReplica } from './run-replica.js'
import type { ReportWorkerEvent } from './tell-worker.js'
import { claimWorker, workerPath, type WorkerSelf } from './worker-file.js'
import { openWorkerLog, workerLogPath } from './worker-log.js'
import type { WorkerOrder } from './worker-order.js'

type Work = { order: WorkerOrder; place: WorkPlace; tell: ReportWorkerEvent; now: () => number }

/**
 * Runs a worker in this process until the signal aborts; with `once` until each replica has taken messages once. An error that prevents
 * one replica from working ends all replicas. @throws SubagentError if another worker has the name or the folder, or if the state of the
 * worker cannot be read
 */
export async function workHere({ order, place, tell, now }: Work, stop: AbortSignal): Promise<WorkerEnd[]> {
  const home = stateFolderOf(place.environment)
  const plan = planWork(order, place)
  const self = selfOf(order, plan.launch, now())
  const { mailbox } = readConfig(place.environment)
  const parts = {
    order,
    self,
    plan,
    maxBytes: Math.floor(mailbox.maxKilobytes * kilobyte),
    reach: () => readyDaemon(place.environment),
    log: openWorkerLog(workerLogPath(home, order.name)),
    tell,
  }
  const memoryOf = claimWorker(workerPath(home, order.name), self)
  const ending = new AbortController()
  const end = (error: unknown): void => {
    ending.abort(error)
  }
  const over = AbortSignal.any([stop, ending.signal])
  setMaxListeners(0, over) // Each replica adds several listeners.
  const ends = Array.from({ length: order.replicas }, (_, index) =>
    runReplica({ ...parts, replica: index + 1, memory: memoryOf(index), onRefused: end }, over).catch(end),
  )
  const all = await Promise.all(ends)
  ending.signal.throwIfAborted()
  return all.flatMap((each) => each ?? [])
}

const kilobyte = 1024

function selfOf(
  { name, provider, model, agent }: WorkerOrder,
  { pid: _pid, environment: _environment, ...launch }: WorkerLaunch,
  since: number,
): WorkerSelf {
  return {
    ...{ name, folder: launch.cwd },
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(agent !== undefined && { agent }),
    ...{ pid: process.pid, startTime: startTimeOf(process.pid) ?? '-', since },
    launch: createHash('sha256').update(JSON.stringify(launch)).digest('hex'),
  }
}
