import type { WorkerLogLine } from '@subagent-mcp/api'
import { createDebouncedCall, type Clock } from '@subagent-mcp/contract'
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

/** Events of a worker that are passed on a moment later. */
export type DelayedWorkerEvents = {
  add(event: WorkerEvent): void
  /** Passes on the events that wait. */
  flush(): void
}

/**
 * Passes events on in their order, 20 ms later. Writing them to files and sockets before a reply would delay the reply by more than the
 * reply itself takes. Events that wait are lost when this process is killed.
 */
export function delayWorkerEvents(clock: Clock, passOn: (event: WorkerEvent) => void): DelayedWorkerEvents {
  let waiting: WorkerEvent[] = []
  const passAllOn = (): void => {
    const events = waiting
    waiting = []
    for (const event of events) passOn(event)
  }
  const later = createDebouncedCall(clock, 20, passAllOn)
  return {
    add: (event) => {
      waiting.push(event)
      later.request()
    },
    flush: () => {
      later.cancel()
      passAllOn()
    },
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
