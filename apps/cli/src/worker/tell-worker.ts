import type { MemoryPort, WorkerLine, WorkerStatus } from '@subagent-mcp/worker'
import { safeJson } from '../terminal/text.js'
import { clockTime } from '../terminal/format.js'
import { lineText, statusText } from './line-text.js'

/** An event of a running worker, for its output. Replicas are numbered from 1. */
export type WorkerEvent = { replica: number } & (
  | { type: 'line'; line: WorkerLine }
  | { type: 'status'; status: WorkerStatus }
)
export type ReportWorkerEvent = (event: WorkerEvent) => void

type Told = { memory: MemoryPort; replica: number; tell: ReportWorkerEvent }

/**
 * Wraps a worker's memory, and reports when the worker begins to wait and when a turn begins. All other events are reported as log
 * lines.
 */
export function tellStatus({ memory, replica, tell }: Told): MemoryPort {
  let last: WorkerStatus | undefined
  return {
    load: () => memory.load(),
    save: (now) => {
      const { status } = now
      const isNews = status.type === 'working' || (status.type === 'waiting' && last?.type !== 'waiting')
      if (isNews && status.since !== last?.since) tell({ type: 'status', replica, status })
      last = status
      memory.save(now)
    },
  }
}

/** Returns an event as a line of text for a person. */
export function eventText(
  event: WorkerEvent,
  { name, replicas }: { name: string; replicas: number },
): string {
  const at = event.type === 'line' ? event.line.at : event.status.since
  const who = replicas > 1 ? `${name}#${event.replica}` : name
  return `${clockTime(at)} ${who}: ${event.type === 'line' ? lineText(event.line) : statusText(event.status)}\n`
}

/** Returns an event as one line of JSON, with its `type`. */
export function eventJson(event: WorkerEvent): string {
  const { replica } = event
  const told =
    event.type === 'line' ? event.line : { at: event.status.since, type: 'status', status: event.status }
  return `${safeJson({ ...told, replica })}\n`
}
