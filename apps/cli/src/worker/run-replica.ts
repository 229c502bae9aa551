import { SubagentError, systemClock } from '@subagent-mcp/contract'
import type { ConnectWorkerBody } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { projectRootOf } from '@subagent-mcp/driver-kit'
import { mailProject } from '@subagent-mcp/mailbox/names'
import {
  localCalendar,
  runWorker,
  defaultWorkerOptions,
  type MemoryPort,
  type WorkerEnd,
  type WorkerOptions,
} from '@subagent-mcp/worker'
import { hostname } from 'node:os'
import { daemonTurns } from './daemon-turns.js'
import { keepAttendance, type KeptAttendance } from './keep-attendance.js'
import { lineText } from './line-text.js'
import type { WorkPlan } from './plan-work.js'
import { tellStatus, type ReportWorkerEvent } from './tell-worker.js'
import type { WorkerSelf } from './worker-file.js'
import { workerMail } from './worker-mail.js'
import type { WorkerOrder } from './worker-order.js'

export type WorkerReplica = {
  order: WorkerOrder
  plan: WorkPlan
  self: WorkerSelf
  /** The number of the replica, from 1. */
  replica: number
  memory: MemoryPort
  maxBytes: number
  /** Connects to the daemon, and starts one if none runs. */
  reach: () => Promise<DaemonClient>
  log: (at: number, text: string) => void
  tell: ReportWorkerEvent
  /** Called with an error that prevents the worker from registering, and after which a retry is useless. */
  onRefused: (error: SubagentError) => void
}

/** Runs one replica of a worker: registers it at the daemon, and handles messages until the signal aborts. */
export async function runReplica(parts: WorkerReplica, stop: AbortSignal): Promise<WorkerEnd> {
  const { order, plan, replica, reach, onRefused, tell, log } = parts
  const attendance = keepAttendance({ reach, body: attendanceBody(parts), onRefused })
  try {
    const instance = await enter(attendance)
    const mark = order.replicas > 1 ? `#${replica} ` : ''
    const ports = {
      mail: workerMail(attendance),
      turns: daemonTurns({ attendance, launch: plan.launch, keep: order.session, clock: systemClock }),
      memory: tellStatus(parts),
      log: (line) => {
        log(line.at, mark + lineText(line))
        tell({ type: 'line', replica, line })
      },
      clock: systemClock,
      calendar: localCalendar,
    } satisfies Parameters<typeof runWorker>[0]
    return await runWorker(ports, optionsOf(parts, instance), stop)
  } finally {
    attendance.leave()
  }
}

function attendanceBody({ order, plan, self }: WorkerReplica): ConnectWorkerBody {
  const { name, provider, severity, topics } = order
  const { cwd, environment } = plan.launch
  return {
    name,
    ...(provider !== undefined && { provider }),
    project: mailProject(projectRootOf(cwd)),
    capabilities: [...plan.rights.said],
    topics: [...topics],
    wakes: severity,
    ...{ cwd, environment, pid: self.pid, startTime: self.startTime },
  }
}

/**
 * Registers the replica and returns its instance id. If the mailbox cannot be reached, it returns a placeholder, because the
 * worker retries by itself.
 */
async function enter({ present }: KeptAttendance): Promise<string> {
  try {
    return (await present()).instance
  } catch (error) {
    if (error instanceof SubagentError && error.code === 'mailbox-unreachable') return 'not there yet'
    throw error
  }
}

function optionsOf({ order, plan, maxBytes }: WorkerReplica, instance: string): WorkerOptions {
  const { name, session, once, pollMs, replicas, budget } = order
  return {
    ...defaultWorkerOptions,
    ...{ name, session, once, pollMs, instance, maxBytes },
    host: hostname(),
    tools: plan.rights.said,
    // Each replica counts only its own usage, so it gets its share of the budget.
    budget: {
      ...(budget.usd !== undefined && { usd: budget.usd / replicas }),
      ...(budget.tokens !== undefined && { tokens: budget.tokens / replicas }),
    },
  }
}
