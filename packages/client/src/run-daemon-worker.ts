import {
  daemonApi,
  parseErrorAnswer,
  WorkerStreamEnd,
  WorkerLogLine,
  type RunWorkerBody,
} from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { openDaemonRequest, readHttpResponseText, type DaemonAddress } from './call-daemon.js'
import { parseServerSentEvents } from './server-sent-events.js'

/** The end of each replica of a worker. */
export type DaemonWorkerEnd = NonNullable<WorkerStreamEnd['ends']>

/**
 * Runs a worker at the daemon by a request that stays open; aborting `signal` ends the worker immediately. @throws SubagentError with
 * which the worker could not be started or was given up, and `daemon-unreachable` when the daemon ends first
 */
export async function* runDaemonWorker(
  daemon: DaemonAddress,
  body: RunWorkerBody,
  signal: AbortSignal,
): AsyncGenerator<WorkerLogLine, DaemonWorkerEnd> {
  const response = await openDaemonRequest(daemon, daemonApi.runWorker, { body, signal })
  try {
    for await (const { event, data } of parseServerSentEvents(readHttpResponseText(response))) {
      if (event === 'ended') return endOf(JSON.parse(data))
      if (event === 'worker') yield WorkerLogLine.parse(JSON.parse(data))
    }
  } catch (cause) {
    if (cause instanceof SubagentError || signal.aborted) throw cause
    throw ended(cause)
  }
  throw ended(undefined)
}

function endOf(data: unknown): DaemonWorkerEnd {
  const { ends, error } = WorkerStreamEnd.parse(data)
  if (error) throw parseErrorAnswer(0, { error })
  return ends ?? []
}

function ended(cause: unknown): SubagentError {
  const hint = 'the worker goes on at the next daemon'
  return new SubagentError('daemon-unreachable', 'the daemon has ended', { hint, cause })
}
