import type { WorkerLogLine } from '@subagent-mcp/api'
import {
  lineText,
  statusText,
  type MemoryPort,
  type WorkerLine,
  type WorkerStatus,
} from '@subagent-mcp/worker'

/** An event of a running worker, for whoever watches it. Replicas are numbered from 1. */
export type WorkerEvent = { replica: number } & (
  | { type: 'line'; line: WorkerLine }
  | { type: 'status'; status: WorkerStatus }
)

type Watched = {
  memory: MemoryPort
  onStatus: (status: WorkerStatus) => void
  onNews: (status: WorkerStatus) => void
}

/**
 * Wraps a worker's memory. Calls `onStatus` with each status, and `onNews` when the worker begins to wait and when a turn begins; all
 * other events are lines of its log.
 */
export function watchStatus({ memory, onStatus, onNews }: Watched): MemoryPort {
  let last: WorkerStatus | undefined
  return {
    load: () => memory.load(),
    save: (now) => {
      const { status } = now
      const isNews = status.type === 'working' || (status.type === 'waiting' && last?.type !== 'waiting')
      const isChanged = status.since !== last?.since
      last = status
      onStatus(status)
      if (isNews && isChanged) onNews(status)
      memory.save(now)
    },
  }
}

/** Returns an event for the HTTP API: the line or status, also as text. */
export function toWorkerLogLine({ replica, ...told }: WorkerEvent): WorkerLogLine {
  if (told.type === 'line')
    return { at: told.line.at, replica, text: lineText(told.line), event: { ...told.line } }
  const { status } = told
  const at = status.since
  return { at, replica, text: statusText(status), event: { at, type: 'status', status } }
}
