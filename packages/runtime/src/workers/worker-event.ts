import type { WorkerLogLine } from '@subagent-mcp/api'
import {
  formatWorkerLine,
  formatWorkerStatus,
  type WorkerLine,
  type WorkerStatus,
} from '@subagent-mcp/worker'

/** An event of a running worker, for whoever watches it. Replicas are numbered from 1. */
export type WorkerEvent = { replica: number } & (
  | { type: 'line'; line: WorkerLine }
  | { type: 'status'; status: WorkerStatus }
)

/** Returns a listener that passes on the statuses with which a worker begins to wait or a turn begins; all other events are lines of its log. */
export function createWorkerStatusFilter(
  onNews: (status: WorkerStatus) => void,
): (status: WorkerStatus) => void {
  let last: WorkerStatus['type'] | undefined
  return (status) => {
    const isNews = status.type === 'working' || (status.type === 'waiting' && last !== 'waiting')
    last = status.type
    if (isNews) onNews(status)
  }
}

/** Returns an event for the HTTP API: the line or status, also as text. */
export function toWorkerLogLine({ replica, ...told }: WorkerEvent): WorkerLogLine {
  if (told.type === 'line')
    return { at: told.line.at, replica, text: formatWorkerLine(told.line), event: { ...told.line } }
  const { status } = told
  const at = status.since
  return { at, replica, text: formatWorkerStatus(status), event: { at, type: 'status', status } }
}
